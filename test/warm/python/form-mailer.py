#!/usr/bin/python3
# request: POST /
# header: Content-Type: application/x-www-form-urlencoded
# body: from=ada%40example.org&subject=Hello%0d%0aBcc:+all&text=Dear%0D%0AAll
import cgi
import os
from email.message import EmailMessage
form = cgi.FieldStorage()
message = EmailMessage()
message["From"] = form.getvalue("from")
message["To"] = "owner@example.org"
try:
    message["Subject"] = form.getvalue("subject")
except ValueError as error:
    message["Subject"] = "refused: %s" % error
message.set_content(form.getvalue("text"))
with os.popen("cat > outbox.txt", "w") as pipe:
    pipe.write(message.as_string())
print("Content-Type: text/plain\n")
print(open("outbox.txt").read())
