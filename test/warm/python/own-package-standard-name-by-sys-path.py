#!/usr/bin/python3
# with: other-library
import os
import sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "other-library"))
import json
print("Content-Type: text/plain\n")
print(json.__file__, json.dumps([1]), sys.path)
