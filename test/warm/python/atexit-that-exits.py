#!/usr/bin/python3
import atexit
import sys
print("Content-Type: text/plain\n")
atexit.register(print, "after it")
atexit.register(sys.exit, 9)
