#!/usr/bin/python3 -u
import os
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.stdout.write_through, sys.stdout.line_buffering, type(sys.stdout.buffer))
sys.stdout.write("written before ")
os.write(1, b"os.write, ")
sys.stdout.buffer.write(b"and then the buffer\n")
os._exit(0)
