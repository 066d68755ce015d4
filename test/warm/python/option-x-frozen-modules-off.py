#!/usr/bin/python3 -Xfrozen_modules=off
# mask: 0x[0-9a-f]+
import os
import sys
print("Content-Type: text/plain\n")
print(sys._xoptions, os.__spec__, os.__file__, sys.flags)
