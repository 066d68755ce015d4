#!/usr/bin/python3 --version
# ending: any
print("Content-Type: text/plain\n")
