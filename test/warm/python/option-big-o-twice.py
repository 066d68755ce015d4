#!/usr/bin/python3 -OO
# with: shop.py
"""The words of this script."""
import sys
print("Content-Type: text/plain\n")
print(sys.flags, __debug__, __doc__)
import shop
print(shop.__cached__, shop.__doc__, shop.checked.__doc__)
import json
print(json.__cached__, json.dumps.__doc__ is None)
