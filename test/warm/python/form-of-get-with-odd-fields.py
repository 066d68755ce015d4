#!/usr/bin/python3
# request: GET /?%ff=%fe&a=b=c&=nothing&+sp+ace+=+&x%00y=1;2&a
import cgi
print("Content-Type: text/plain\n")
form = cgi.FieldStorage(keep_blank_values=1)
print(ascii(sorted((item.name, item.value) for item in form.list)))
