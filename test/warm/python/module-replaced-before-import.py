#!/usr/bin/python3
import sys
import types
fake = types.ModuleType("random")
fake.random = lambda: 0.5
sys.modules["random"] = fake
print("Content-Type: text/plain\n")
import random
print(random.random(), random)
try:
    import tempfile
except ImportError as error:
    print(error)
