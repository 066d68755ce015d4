#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: a=1&b=\xc3\xb6\r\n2&c=3
import os
import sys
print("Content-Type: text/plain\n")
print(repr(sys.stdin.read(int(os.environ["CONTENT_LENGTH"]))), repr(sys.stdin.read(1)))
