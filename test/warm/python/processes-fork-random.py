#!/usr/bin/python3
# runs: random
import os
import random
import sys
sys.stdout.write("Content-Type: text/plain\n\n")
sys.stdout.flush()
child = os.fork()
if child == 0:
    print("child", random.random(), flush=True)
    os._exit(0)
os.waitpid(child, 0)
print("parent", random.random())
