#!/usr/bin/python3
import sys


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone:", self.name, sys.is_finalizing() if sys else None, file=sys.stdout if sys and sys.stdout else None)


print("Content-Type: text/plain\n")
b = Loud("b")
a = Loud("a")
_hidden = Loud("_hidden")
ring = [Loud("in a ring")]
ring.append(ring)
a.friend = Loud("friend of a")
sys.kept = Loud("kept in sys")
