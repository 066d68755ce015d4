#!/usr/bin/python3 -I
# env: PYTHONPATH={root}/somewhere
# with: shop.py
import os
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.path, os.environ["PYTHONPATH"])
try:
    import shop
except ImportError as error:
    print(repr(error))
