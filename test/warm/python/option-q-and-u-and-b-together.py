#!/usr/bin/python3 -quB
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.orig_argv)
