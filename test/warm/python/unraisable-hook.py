#!/usr/bin/python3
import sys


class Loud:
    def __del__(self):
        raise ValueError("in __del__")


print("Content-Type: text/plain\n")
print(sys.unraisablehook is sys.__unraisablehook__)
sys.unraisablehook = lambda told: print("unraisable:", told.exc_value, told.err_msg, told.object.__qualname__)
Loud()
