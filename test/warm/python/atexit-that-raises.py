#!/usr/bin/python3
# mask: 0x[0-9a-f]+
import atexit
print("Content-Type: text/plain\n")


def fail():
    raise RuntimeError("at the end")


atexit.register(print, "after it")
atexit.register(fail)
