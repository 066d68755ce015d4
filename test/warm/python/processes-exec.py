#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: for the other program
import os
print("Content-Type: text/plain\n", flush=True)
os.execlp("cat", "cat", "-", "/proc/self/comm")
