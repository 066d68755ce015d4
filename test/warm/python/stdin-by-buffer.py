#!/usr/bin/python3
# request: POST /
# header: Content-Type: application/octet-stream
# body: \x00\xff\r\nend\{3000*0123456789}
import sys
print("Content-Type: text/plain\n")
print(sys.stdin.buffer.read(7), len(sys.stdin.buffer.read1()), len(sys.stdin.buffer.read()))
