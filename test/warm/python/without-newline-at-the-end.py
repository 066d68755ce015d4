#!/usr/bin/python3
print("Content-Type: text/plain\n")
if True:
    raise ValueError("on the last line")