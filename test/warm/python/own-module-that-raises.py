#!/usr/bin/python3
# with: raising.py
print("Content-Type: text/plain\n")
import raising
