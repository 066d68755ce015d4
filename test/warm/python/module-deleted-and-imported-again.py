#!/usr/bin/python3
import sys
import importlib
print("Content-Type: text/plain\n")
import json
first = json
json.mark = "left"
del sys.modules["json"]
import json
print(json is first, hasattr(json, "mark"), sys.modules["json"] is json)
again = importlib.reload(json)
print(again is json, importlib.util.find_spec("json").origin if hasattr(importlib, "util") else "no util")
