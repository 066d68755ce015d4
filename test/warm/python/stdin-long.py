#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: \{100000*0123456789}
import hashlib
import sys
print("Content-Type: text/plain\n")
data = sys.stdin.buffer.read()
print(len(data), hashlib.sha256(data).hexdigest())
