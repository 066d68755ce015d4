#!/usr/bin/python3 -Xwarn_default_encoding
print("Content-Type: text/plain\n")
open("/dev/null").close()
