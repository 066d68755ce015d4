#!/usr/bin/python3
# request: POST /extra/path?one=two
# header: Content-Type: text/plain
# header: Cookie: session=1
# body: five
# env: SITE_NAME=example
import os
print("Content-Type: text/plain\n")
for name, value in os.environ.items():
    print(repr(name), repr(value))
