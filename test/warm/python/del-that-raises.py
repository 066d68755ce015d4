#!/usr/bin/python3
# mask: 0x[0-9a-f]+
class Loud:
    def __del__(self):
        raise ValueError("in __del__")


print("Content-Type: text/plain\n")
Loud()
last = Loud()
