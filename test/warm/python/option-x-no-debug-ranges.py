#!/usr/bin/python3 -Xno_debug_ranges
# with: raising.py
print("Content-Type: text/plain\n")
import raising
