#!/usr/bin/python3
import os
import sys
sys.stdout = os.fdopen(sys.stdout.fileno(), "w", 1)
print("Content-Type: text/plain\n")
print(sys.stdout.line_buffering, sys.stdout.name)
print("the end")
