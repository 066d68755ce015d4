#!/usr/bin/python3
print("Content-Type: text/plain\n")
value = {"a": (1, 2

print("after")
