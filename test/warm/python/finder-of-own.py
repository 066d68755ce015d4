#!/usr/bin/python3
import sys


class Finder:
    def find_spec(self, name, path=None, target=None):
        names.append(name)
        return None


names = []
sys.meta_path.insert(0, Finder())
import json
import html
import http.cookies
print("Content-Type: text/plain\n")
print(names)
