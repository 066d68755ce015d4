#!/usr/bin/python3
import os
with open("made.py", "w") as file:
    file.write("number = 1\n")
import made
print("Content-Type: text/plain\n")
print(made.number, made.__file__)
with open("made.py", "w") as file:
    file.write("number = 2000\n")
import importlib
importlib.invalidate_caches()
importlib.reload(made)
print(made.number, sorted(os.listdir(".")))
