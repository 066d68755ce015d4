#!/usr/bin/python3
import sys
names = list(sys.modules)
import string
import random
later = list(sys.modules)
print("Content-Type: text/plain\n")
print("\n".join(names))
print(later[len(names):])
