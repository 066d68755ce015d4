#!/usr/bin/python3 -Wd
import sys
print("Content-Type: text/plain\n")
print(sys.warnoptions)
print("\d")
import warnings
for number in range(3):
    warnings.warn("said once")
open("/dev/null")
