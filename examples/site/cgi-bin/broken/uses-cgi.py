#!/usr/bin/env python3
# Broken by time: Python 3.13 removed the module "cgi". Up to Python 3.12 this
# program still works; hello.py shows the same without the module.

import cgi
import sys
from html import escape

name = cgi.FieldStorage().getfirst("name", "world")

print("Content-Type: text/html; charset=utf-8\n")
print("<!doctype html><title>Still here</title>")
print("<p>Hello, %s. Python %d.%d still has the module." % (escape(name), *sys.version_info[:2]))
