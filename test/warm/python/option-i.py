#!/usr/bin/python3 -i
# request: POST /
# header: Content-Type: text/plain
# body: print("said after the end", name)\nprint(1/0)\n
import sys
name = "interactive"
print("Content-Type: text/plain\n")
print(sys.flags)
