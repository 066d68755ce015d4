#!/usr/bin/python3
# with: shop.py
import os
import sys
import shop
print("Content-Type: text/plain\n")
print(shop, shop.__file__, shop.__cached__, shop.total([1, 2.5]), shop.started_in, shop.modules_at_import == "__main__")
print(os.listdir("__pycache__"), "shop" in sys.modules)
