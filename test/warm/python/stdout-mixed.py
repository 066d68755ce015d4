#!/usr/bin/python3
import os
import sys
print("Content-Type: text/plain\n", flush=True)
print("first printed")
os.write(1, b"first written\n")
sys.stdout.buffer.write(b"to the buffer\n")
print("printed again")
os.system("echo by a child")
sys.stdout.flush()
os.write(1, b"last\n")
