#!/usr/bin/python3
"""
>>> double(2)
4
>>> double("a")
'aaa'
"""
import doctest


def double(value):
    return value * 2


print("Content-Type: text/plain\n")
print(doctest.testmod())
