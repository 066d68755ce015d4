#!/usr/bin/env python3
# Broken on purpose: no empty line between the header and the document, so the
# server takes the document for more header lines.

print("Content-Type: text/html; charset=utf-8")
print("<!doctype html>")
print("<title>Nearly right</title>")
print("<p>An empty line is missing before the document.</p>")
