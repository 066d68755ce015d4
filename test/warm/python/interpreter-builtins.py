#!/usr/bin/python3
import builtins
print("Content-Type: text/plain\n")
print(dir(builtins))
print(exit, quit, copyright, credits, license, help, type(__builtins__), hasattr(builtins, "_"))
