#!/usr/bin/python3
# with: shop.py
import os
print("Content-Type: text/plain\n")
exec(compile(open("shop.py").read(), "shop.py", "exec"))
print(total([1, 2]), started_in == os.getcwd(), __doc__, sorted(name for name in globals() if name[:2] != "__"))
