#!/usr/bin/python3 -S
import builtins
import sys
print("Content-Type: text/plain\n")
print(sys.flags, "site" in sys.modules, hasattr(builtins, "exit"), sys.path)
