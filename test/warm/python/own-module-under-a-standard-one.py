#!/usr/bin/python3
# with: random.py
import tempfile
import sys
print("Content-Type: text/plain\n")
print(sys.modules["random"].__file__, tempfile._Random().choice("abc"))
