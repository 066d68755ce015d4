#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: one\ntwo\nthree\nfour\n
import os
print("Content-Type: text/plain\n")
print(os.read(0, 4))
print(open("/dev/stdin", "rb", buffering=0).read(4))
print(open("/dev/fd/0", "rb", buffering=0).read(6))
print(open("/proc/self/fd/0", "rb").read())
