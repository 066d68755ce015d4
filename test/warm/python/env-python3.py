#!/usr/bin/env python3
import os
import sys
print("Content-Type: text/plain\n")
print(sys.executable, sys.version, sys.path, sys.argv, sys.orig_argv)
print(sys.flags, sys.prefix, os.environ["PATH"])
