#!/usr/bin/python3
import builtins
asked = []
original = builtins.__import__


def watched(name, globals=None, locals=None, fromlist=(), level=0):
    asked.append((name, fromlist, level))
    return original(name, globals, locals, fromlist, level)


builtins.__import__ = watched
import json
import string
print("Content-Type: text/plain\n")
print(asked)
