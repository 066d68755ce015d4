#!/usr/bin/python3
import importlib.util
print("Content-Type: text/plain\n")
for name in ("json", "html", "no_such_module", "xml.etree", "cgi"):
    spec = importlib.util.find_spec(name)
    print(name, spec and (spec.name, type(spec.loader).__name__, spec.origin, spec.has_location))
spec = importlib.util.find_spec("json")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
import json
print(module is json, module.dumps([1]))
