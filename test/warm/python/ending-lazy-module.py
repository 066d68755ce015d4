#!/usr/bin/python3
import sys


class Lazy:
    def __getattribute__(self, name):
        raise ImportError("not before it is needed: " + name)


sys.modules["lazy"] = Lazy()
print("Content-Type: text/plain\n")
print("said")
