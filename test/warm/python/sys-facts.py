#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
for name in sorted(dir(sys)):
    value = getattr(sys, name)
    if isinstance(value, (str, int, float, bytes, type(None))):
        print(name, repr(value))
    elif isinstance(value, tuple):
        print(name, value)
    else:
        print(name, type(value))
