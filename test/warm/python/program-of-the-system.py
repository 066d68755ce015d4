#!/usr/bin/python3
import os
import sys
print("Content-Type: text/plain\n")
print(os.readlink("/proc/self/exe"), os.path.realpath(sys.executable), sys._base_executable, sys.platlibdir)
