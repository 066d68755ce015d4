#!/usr/bin/python3
import copy
import copyreg
import pickle
import shelve
print("Content-Type: text/plain\n")
with shelve.open("shelf") as shelf:
    shelf["key"] = [1, {"a": (2, 3)}]
with shelve.open("shelf") as shelf:
    print(dict(shelf))
print(sorted(str(kind) for kind in copyreg.dispatch_table), copy.deepcopy([[1]]), pickle.dumps(copyreg.constructor))
