#!/usr/bin/python3
import os
print("Content-Type: text/plain\n", flush=True)
os.kill(os.getpid(), 9)
