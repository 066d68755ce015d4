#!/usr/bin/python3.11
import sys
print("Content-Type: text/plain\n")
print(sys.executable, sys.orig_argv)
