#!/usr/bin/python3
# at: real/script.py
# link: public/name.py
# with: shop.py
import os
import sys
print("Content-Type: text/plain\n")
print(sys.path[0], os.getcwd(), __file__, sys.argv, os.environ["SCRIPT_FILENAME"], os.path.realpath(__file__))
import shop
print(shop.__file__)
