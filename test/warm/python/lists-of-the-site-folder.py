#!/usr/bin/python3
# with: shop.py
# with: greetings
import glob
import os
import pathlib
print("Content-Type: text/plain\n")
print(sorted(glob.glob("**", recursive=True)), sorted(str(path) for path in pathlib.Path().rglob("*.py")))
print(os.access(__file__, os.X_OK), os.access(__file__, os.W_OK), oct(os.stat(__file__).st_mode))
