#!/usr/bin/python3
# with: html.py
import html
print("Content-Type: text/plain\n")
print(html.escape("<a>"), html.__file__)
