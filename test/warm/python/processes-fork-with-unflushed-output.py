#!/usr/bin/python3
import os
print("Content-Type: text/plain\n", flush=True)
print("printed once, seen twice")
child = os.fork()
if child == 0:
    raise ValueError("in the child")
print(os.waitpid(child, 0)[1])
