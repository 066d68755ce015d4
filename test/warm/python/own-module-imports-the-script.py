#!/usr/bin/python3
# at: itself.py
import sys
if __name__ == "__main__":
    print("Content-Type: text/plain\n")
print(__name__, __file__, type(__spec__), __loader__.name, __package__ == "")
import itself
print(__name__, itself.__name__, itself is sys.modules["__main__"])
