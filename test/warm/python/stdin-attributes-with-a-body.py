#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: abc
import os
import stat
import sys
print("Content-Type: text/plain\n")
stream = sys.stdin
print(repr(stream), stream.name, stream.mode, stream.encoding, stream.errors, stream.seekable(), stream.isatty())
print(type(stream.buffer), type(stream.buffer.raw), stat.S_IFMT(os.fstat(0).st_mode), stream.buffer.peek(2)[:2])
print(stream.read(), repr(stream.newlines))
