#!/usr/bin/python3 -v
# mask: 0x[0-9a-f]+
import sys
print("Content-Type: text/plain\n")
print(sys.flags.verbose)
