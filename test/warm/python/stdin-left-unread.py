#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: \{30000*0123456789}
print("Content-Type: text/plain\n")
print("I do not listen")
