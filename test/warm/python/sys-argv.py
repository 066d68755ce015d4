#!/usr/bin/python3
# request: GET /extra/path?one=two
import sys
print("Content-Type: text/plain\n")
print(sys.argv, sys.orig_argv, sys.executable, sys.prefix, sys.exec_prefix, sys.base_prefix)
