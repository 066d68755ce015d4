#!/usr/bin/python3
print("Content-Type: text/plain\n")
import sys
print(json.dumps(sys.path))
