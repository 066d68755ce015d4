#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: first\nK\xc3\xb6ln\r\nlast
import sys
print("Content-Type: text/plain\n")
for line in sys.stdin:
    print(repr(line))
print(repr(sys.stdin.read()), repr(sys.stdin.newlines))
