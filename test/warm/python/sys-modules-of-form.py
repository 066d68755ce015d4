#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
before = set(sys.modules)
import cgi
print("\n".join(sorted(set(sys.modules) - before)))
