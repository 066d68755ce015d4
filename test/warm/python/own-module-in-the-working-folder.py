#!/usr/bin/python3 -I
# with: shop.py
import sys
sys.path.append("")
import shop
print("Content-Type: text/plain\n")
print(shop.__file__, sys.path)
