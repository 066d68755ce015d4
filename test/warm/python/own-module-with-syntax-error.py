#!/usr/bin/python3
# with: broken.py
print("Content-Type: text/plain\n")
print("before", flush=True)
import broken
