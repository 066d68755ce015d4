#!/usr/bin/python3
print("Content-Type: text/plain\n")
import importlib
children = {
    "xml": "etree", "concurrent": "futures", "importlib": "util", "logging": "handlers", "urllib": "parse",
    "email": "message", "http": "cookies", "json": "tool", "os": "path", "collections": "abc", "unittest": "mock",
    "multiprocessing": "pool", "html": "entities", "wsgiref": "util", "ctypes": "util", "sqlite3": "dump",
}
for parent, child in children.items():
    module = importlib.import_module(parent)
    print(parent, child, hasattr(module, child))
