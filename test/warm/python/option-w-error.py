#!/usr/bin/python3 -Werror
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.warnoptions)
import warnings
print(warnings.filters)
import cgi
print("not reached")
