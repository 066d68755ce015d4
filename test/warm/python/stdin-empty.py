#!/usr/bin/python3
import os
import stat
import sys
print("Content-Type: text/plain\n")
print(stat.S_ISCHR(os.fstat(0).st_mode), os.fstat(0).st_rdev, sys.stdin.seekable(), repr(sys.stdin.read()))
print(open("/dev/stdin").read() == "", "CONTENT_LENGTH" in os.environ, os.readlink("/proc/self/fd/0"))
print(sys.stdin.line_buffering, sys.stdin.mode, sys.stdin.isatty(), os.read(0, 10))
input("no more")
