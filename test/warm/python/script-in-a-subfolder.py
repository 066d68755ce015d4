#!/usr/bin/python3
# at: shop/admin/list.py
# with: shop.py
# request: GET /more?x
import os
import sys
import shop
print("Content-Type: text/plain\n")
print(sys.path[0], os.getcwd(), __file__, sys.argv, shop.__file__)
print(os.environ["SCRIPT_NAME"], os.environ["PATH_INFO"], os.environ["SCRIPT_FILENAME"], os.environ["PATH_TRANSLATED"])
