#!/usr/bin/python3
# request: GET /extra/path?name=Ada&name=Grace&empty=&city=K%C3%B6ln
import cgi
import html
form = cgi.FieldStorage(keep_blank_values=True)
print("Content-Type: text/html\n")
for name in sorted(form):
    print(html.escape(name), [html.escape(value) for value in form.getlist(name)])
