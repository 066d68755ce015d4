#!/usr/bin/python3 -dt
import sys
print("Content-Type: text/plain\n")
print(sys.flags)
