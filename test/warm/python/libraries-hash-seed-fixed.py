#!/usr/bin/python3
# env: PYTHONHASHSEED=42
print("Content-Type: text/plain\n")
print(hash("one"), hash(("a", b"b")), list({"one", "two", "three", "four"}))
