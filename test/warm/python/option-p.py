#!/usr/bin/python3 -P
# with: html.py
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.path)
import html
print(html.escape("<a>"), html.__file__)
