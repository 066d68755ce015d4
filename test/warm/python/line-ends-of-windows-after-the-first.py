#!/usr/bin/python3
import inspect
print("Content-Type: text/plain\n")
print(repr("""a
b"""))

def one():
    return 1

print(repr(inspect.getsource(one)))
raise ValueError("here")
