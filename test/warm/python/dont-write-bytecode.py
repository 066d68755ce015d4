#!/usr/bin/python3
# with: shop.py
import os
import sys
sys.dont_write_bytecode = True
import shop
print("Content-Type: text/plain\n")
print(os.listdir("."), sys.pycache_prefix)
