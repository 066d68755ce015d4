#!/usr/bin/python3
import sys
names = list(sys.modules)
print("Content-Type: text/plain\n")
print("\n".join(sorted(names)))
