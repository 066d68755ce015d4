#!/usr/bin/python3
# env: PYTHONPATH={folder}
# with: sitecustomize.py
import sys
print("Content-Type: text/plain\n")
print("sitecustomize" in sys.modules, sys.path)
import sitecustomize
print(sitecustomize.__file__)
