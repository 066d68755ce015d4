#!/usr/bin/python3
# at: a b/it's.py
import os
import sys
print("Content-Type: text/plain\n")
print(sys.path[0], os.getcwd(), __file__, sys.argv)
raise RuntimeError(__file__)
