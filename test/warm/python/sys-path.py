#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
for entry in sys.path:
    print(repr(entry))
