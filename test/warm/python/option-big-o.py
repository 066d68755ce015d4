#!/usr/bin/python3 -O
# with: shop.py
"""The words of this script."""
import sys
print("Content-Type: text/plain\n")
print(sys.flags, __debug__, __doc__)
assert False, "not looked at"
import shop
print(shop.__cached__, shop.__doc__, shop.checked(-1))
import json
print(json.__cached__, json.dumps.__doc__ is None)
