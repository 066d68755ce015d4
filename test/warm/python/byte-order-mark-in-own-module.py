#!/usr/bin/python3
# with: marked.py
print("Content-Type: text/plain\n")
import marked
print(marked.text, marked.__doc__)
