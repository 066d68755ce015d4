#!/usr/bin/python3
# env: PYTHONPATH={root}/somewhere:/nowhere:
import os
import sys
print("Content-Type: text/plain\n")
print(sys.path, sys.flags, os.environ["PYTHONPATH"])
