#!/usr/bin/python3 -Wignore
print("Content-Type: text/plain\n")
import cgi
import warnings
warnings.warn("not heard")
print(warnings.filters)
