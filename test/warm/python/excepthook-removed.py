#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
del sys.excepthook
raise ValueError("nobody hears")
