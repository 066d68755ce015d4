#!/usr/bin/python3
# request: POST /
# header: Content-Type: multipart/form-data; boundary=cut
# body: --cut\r\nContent-Disposition: form-data; name="note"\r\n\r\nK\xc3\xb6ln\r\n--cut\r\nContent-Disposition: form-data; name="file"; filename="../a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n\x00\x01\xff\{5000*abc}\r\n--cut--\r\n
import cgi
import hashlib
import os
form = cgi.FieldStorage()
item = form["file"]
os.makedirs("uploads", exist_ok=True)
with open(os.path.join("uploads", os.path.basename(item.filename)), "wb") as file:
    file.write(item.file.read())
print("Content-Type: text/plain\n")
for folder, folders, files in os.walk("uploads"):
    print(folder, files, hashlib.md5(open(os.path.join(folder, files[0]), "rb").read()).hexdigest())
print(form.getvalue("note"), item.filename, item.type, item.disposition_options, type(item.file))
