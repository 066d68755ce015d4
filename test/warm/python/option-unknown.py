#!/usr/bin/python3 -Z
print("Content-Type: text/plain\n")
