#!/usr/bin/python3 -W error
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.warnoptions)
import warnings
print(warnings.filters)
warnings.warn("an old thing", DeprecationWarning)
