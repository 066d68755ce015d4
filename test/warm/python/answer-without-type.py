#!/usr/bin/python3
# ending: any
print("X-Only: this\n")
print("text")
