#!/usr/bin/python3
# mask: 0x[0-9a-f]+
import sys
print("Content-Type: text/plain\n")
print([getattr(hook, "__qualname__", type(hook)) for hook in sys.path_hooks], sys.meta_path)
print([type(finder) for finder in sys.meta_path], __import__, sys.implementation, sys.platlibdir)
