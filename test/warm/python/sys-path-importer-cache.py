#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
for path, finder in sys.path_importer_cache.items():
    print(path, type(finder))
