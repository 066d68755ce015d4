#!/usr/bin/env python3
"""Greets by name: /cgi-bin/hello.py?name=Ada

Reads the query string with urllib.parse, which took the place of the module
"cgi" that Python 3.13 removed, and escapes what it shows.
"""

import os
import platform
import sys
import time
from html import escape
from urllib.parse import parse_qs


def variable(name):
    # A request may hold bytes that are not UTF-8. Replace them, do not fail.
    return os.environb.get(name.encode(), b"").decode("utf-8", "replace")


try:
    fields = parse_qs(variable("QUERY_STRING"), max_num_fields=20)
except ValueError:  # more fields than any form of ours sends
    fields = {}
name = fields.get("name", [""])[0][:80]
name = "".join(c if c.isprintable() else " " for c in name).strip() or "world"

header = "Content-Type: text/html; charset=utf-8\n\n"
document = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hello from Python</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/style.css">
<p class="masthead"><img src="/favicon.svg" alt=""> <a href="/">Postern examples</a></p>
<h1>Hello, {escape(name)}.</h1>
<p>Written by Python {escape(platform.python_version())} at {time.strftime("%H:%M:%S")}.</p>
<dl class="pairs">
<dt>Method</dt><dd><code>{escape(variable("REQUEST_METHOD"))}</code></dd>
<dt>Program</dt><dd><code>{escape(variable("SCRIPT_NAME"))}</code></dd>
<dt>Path after it</dt><dd><code>{escape(variable("PATH_INFO")) or "(none)"}</code></dd>
<dt>Query string</dt><dd><code>{escape(variable("QUERY_STRING")) or "(none)"}</code></dd>
</dl>
<form class="inline">
<div class="field"><label for="name">Another name</label>
<input type="text" id="name" name="name" maxlength="80"></div>
<button>Greet</button>
</form>
"""

# Write bytes: what text output would be encoded as depends on LANG.
sys.stdout.buffer.write(header.encode())
if variable("REQUEST_METHOD") != "HEAD":
    sys.stdout.buffer.write(document.encode())
