#!/usr/bin/python3 -E
# env: PYTHONPATH={root}/somewhere
# env: PYTHONIOENCODING=latin-1
import os
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.path, sys.stdout.encoding, os.environ["PYTHONPATH"])
