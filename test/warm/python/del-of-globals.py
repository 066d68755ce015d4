#!/usr/bin/python3
# accepted: is_finalizing() says no; the order within a ring
# mask: (True|False)$
# mask: friend of a|in a ring
import os
import sys


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self, write=os.write, is_finalizing=sys.is_finalizing):
        write(1, ("gone: %s %s\n" % (self.name, is_finalizing())).encode())


print("Content-Type: text/plain\n", flush=True)
b = Loud("b")
a = Loud("a")
_hidden = Loud("_hidden")
ring = [Loud("in a ring")]
ring.append(ring)
a.friend = Loud("friend of a")
sys.kept = Loud("kept in sys")
os.kept = Loud("kept in os")
print("the end")
