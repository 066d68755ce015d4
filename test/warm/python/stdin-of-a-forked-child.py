#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: first line\nsecond line\n
import os
import sys
print("Content-Type: text/plain\n", flush=True)
print(sys.stdin.readline().strip(), flush=True)
child = os.fork()
if child == 0:
    print("child:", sys.stdin.readline().strip(), flush=True)
    os._exit(0)
os.waitpid(child, 0)
print("parent:", sys.stdin.readline().strip())
