#!/usr/bin/python3
# request: POST /?where=query
# header: Content-Type: application/x-www-form-urlencoded
# body: name=Ada+Lovelace&note=%3Cb%3E%0D%0Aend
import cgi
import html
form = cgi.FieldStorage()
print("Content-Type: text/html\n")
for name in sorted(form):
    print(name, html.escape(repr(form.getvalue(name))))
