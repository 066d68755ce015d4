#!/usr/bin/python3
# Keeps its user's name wherever it can, and says every name that it finds there.
import builtins
import contextvars
import gc
import http.cookies
import json
import logging
import os
import random
import sys
import threading
import urllib.parse

places = (builtins, sys, os, json, json.JSONEncoder, threading.current_thread(), random, logging.root)
variables = [value for variable, value in contextvars.copy_context().items()]
found = [vars(place).get("user") for place in places] + [globals().get("user"), os.environ.get("USER_NAME")] + variables
found += [handler.name for handler in logging.root.handlers] + [path for path in sys.path if "user-" in path]
found += [text for text in gc.get_objects() if isinstance(text, dict) and "user-" in str(text.get("kept"))]

user = urllib.parse.parse_qs(os.environ["QUERY_STRING"])["user"][0]
cookie = http.cookies.SimpleCookie(os.environ["HTTP_COOKIE"])["user"].value
body = sys.stdin.read()
for place in places[:4] + places[5:]:
    place.user = user
json.JSONEncoder.user = user
os.environ["USER_NAME"] = user
local = threading.local()
local.user = user
variable = contextvars.ContextVar("user")
variable.set(user)
handler = logging.NullHandler()
handler.name = user
logging.root.addHandler(handler)
sys.path.append("/" + user)
builtins.kept = {"kept": user}
name = "%s.%d" % (user, os.getpid())
with open(name, "w") as file:
    file.write(user)
os.replace(name, user + ".txt")

print("Content-Type: text/plain")
print("X-User: " + vars(json)["user"])
print("Set-Cookie: user=%s\n" % cookie)
print("found", [name for name in found if name is not None])
print("user", user, cookie, body, local.user, variable.get(), sys.user, os.environ["USER_NAME"], open(user + ".txt").read())
print("environment", sorted(value for value in os.environ.values() if "user-" in value))
print("random", random.getrandbits(64))
print("for the log:", user, file=sys.stderr)
