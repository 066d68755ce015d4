#!/usr/bin/python3 -Ximporttime
# mask: time: +\d+ \| +\d+ \|
import sys
print("Content-Type: text/plain\n")
print(sys._xoptions)
import html
