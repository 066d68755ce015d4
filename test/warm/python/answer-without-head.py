#!/usr/bin/python3
# ending: any
print("Hello, world")
