#!/usr/bin/python3
import csv
import difflib
import html
import http.cookies
import io
import json
import re
import string
import textwrap
import urllib.parse
print("Content-Type: text/plain\n")
print(html.escape("<a href='x'>&</a>"), html.unescape("&eacute;&#8212;"), string.Template("$who is ${what}").substitute(who="Ada", what="here"))
print(json.dumps({"b": [1, None, 2.5], "a": "K\u00f6ln"}, sort_keys=True, indent=1), json.loads("[1, {}]"))
print(urllib.parse.quote("a b/\u00f6"), urllib.parse.parse_qs("a=1&a=2&b="), urllib.parse.urljoin("http://a/b/c", "../d?e"))
cookie = http.cookies.SimpleCookie("session=1; theme=dark")
cookie["session"]["httponly"] = True
print(cookie.output(), cookie["theme"].value)
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "one two"), re.findall("[\u00e4\u00f6]", "\u00e4h"), textwrap.fill("words " * 20, 30))
print(list(csv.reader(io.StringIO('a,"b ""c""",d'))), list(difflib.unified_diff(["a"], ["b"], lineterm="")))
json.loads("{not json}")
