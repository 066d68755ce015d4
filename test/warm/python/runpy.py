#!/usr/bin/python3
# at: script.py
# with: shop.py
import runpy
import sys
print("Content-Type: text/plain\n")
print(sorted(runpy.run_path("shop.py")), sorted(runpy.run_module("shop", run_name="__main__"))[:3])
print(sys.argv, sys.modules["__main__"].__file__)
