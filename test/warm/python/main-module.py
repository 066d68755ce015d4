#!/usr/bin/python3
"""Words at the start."""
import sys
import __main__
print("Content-Type: text/plain\n")
print(__main__ is sys.modules["__main__"], vars(__main__) is globals(), __main__, __main__.__doc__)
print(__loader__.get_source("__main__") == open(__file__).read(), __loader__.is_package("__main__"))
print(sorted(name for name in dir(__main__) if not name.startswith("_")))
import pickle


class Thing:
    pass


print(pickle.dumps(Thing()), Thing, Thing.__module__, Thing.__qualname__)
value: int = 1
print(__annotations__)
