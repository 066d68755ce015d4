#!/usr/bin/python3
import os
import sys
print("Content-Type: text/plain\n", flush=True)
os.dup2(1, 2)
print("on standard error", file=sys.stderr)
raise ValueError("seen by the client")
