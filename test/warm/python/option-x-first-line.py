#!/usr/bin/python3 -x
print("Content-Type: text/plain\n")
print(1 / 0)
