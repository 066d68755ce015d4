#!/usr/bin/python3
import atexit
import sys
print("Content-Type: text/plain\n")
print(atexit._ncallbacks())
atexit.register(print, "registered first")
atexit.register(print, "registered second", file=sys.stderr)
atexit.register(lambda: atexit.register(print, "registered at the end"))
sys.exit(3)
