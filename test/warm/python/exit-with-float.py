#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
sys.exit(3.5)
