#!/usr/bin/python3
# at: counter
print("Content-Type: text/plain\n")
print(__file__, type(__loader__), __spec__)
raise RuntimeError("in a file without an extension")
