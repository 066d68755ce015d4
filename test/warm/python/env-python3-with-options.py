#!/usr/bin/env -S python3 -u -B
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.orig_argv)
