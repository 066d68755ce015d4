#!/usr/bin/python3
# request: POST /
# header: Content-Type: application/x-www-form-urlencoded
# body: name=Ada&entry=%3Cb%3EHello%3C%2Fb%3E
import cgi
import fcntl
import html
import os
form = cgi.FieldStorage()
with open("guestbook.txt", "a+") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    file.write("%s\t%s\n" % (form.getfirst("name"), form.getfirst("entry")))
    file.flush()
    os.fsync(file.fileno())
    file.seek(0)
    entries = [line.rstrip("\n").split("\t") for line in file]
print("Content-Type: text/html; charset=utf-8")
print("Cache-Control: no-cache")
print()
print("<ul>")
for name, entry in entries:
    print("<li>%s: %s" % (html.escape(name), html.escape(entry)))
print("</ul>")
