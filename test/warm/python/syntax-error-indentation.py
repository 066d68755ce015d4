#!/usr/bin/python3
print("Content-Type: text/plain\n")
def one():
    a = 1
      b = 2
