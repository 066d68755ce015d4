#!/usr/bin/python3 -Xpycache_prefix=/tmp/postern-no-such-folder/cache
# with: shop.py
import sys
sys.dont_write_bytecode = True
print("Content-Type: text/plain\n")
import shop
import json
print(sys.pycache_prefix, shop.__cached__, json.__cached__)
