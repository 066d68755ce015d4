#!/usr/bin/python3 -B
# with: shop.py
import os
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.dont_write_bytecode)
import shop
print(shop.__cached__, os.path.exists("__pycache__"))
