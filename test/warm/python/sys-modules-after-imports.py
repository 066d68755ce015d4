#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
before = set(sys.modules)
for name in ("json", "re", "datetime", "html", "urllib.parse", "sqlite3", "email", "http.cookies", "tempfile", "decimal"):
    __import__(name)
    print(name, sorted(set(sys.modules) - before))
    before = set(sys.modules)
