#!/usr/bin/python3
names = [(name, type(value).__name__) for name, value in vars().items()]
print("Content-Type: text/plain\n")
print(names)
print(__name__, __file__, __doc__, __package__, __spec__, __builtins__, globals() is vars(), locals() is globals())
print(type(__loader__), __loader__.name, __loader__.path, __annotations__)
