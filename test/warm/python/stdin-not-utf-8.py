#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: K\xf6ln
import sys
print("Content-Type: text/plain\n")
print(sys.stdin.errors, ascii(sys.stdin.read()))
