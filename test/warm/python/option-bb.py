#!/usr/bin/python3 -bb
import sys
print("Content-Type: text/plain\n")
print(sys.flags)
import warnings
print(warnings.filters)
print(b"a" == "a")
