#!/usr/bin/python3
# request: PUT /file.txt
# header: Content-Type: text/plain
# body: content
import os
import sys
print("Content-Type: text/plain\n")
print(os.environ["REQUEST_METHOD"], os.environ["PATH_INFO"], sys.stdin.read())
