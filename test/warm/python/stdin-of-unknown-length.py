#!/usr/bin/python3
# request: POST /
# length: unknown
# header: Content-Type: text/plain
# body: \{40000*0123456789}
import os
import stat
import sys
print("Content-Type: text/plain\n")
print(stat.S_IFMT(os.fstat(0).st_mode), os.environ.get("CONTENT_LENGTH"), sys.stdin.seekable())
print(len(sys.stdin.buffer.read()))
