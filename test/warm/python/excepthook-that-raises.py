#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")


def hook(kind, value, trace):
    raise RuntimeError("in the hook")


sys.excepthook = hook
raise ValueError("for the hook")
