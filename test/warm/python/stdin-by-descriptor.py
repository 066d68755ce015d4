#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: some words
import os
print("Content-Type: text/plain\n")
data = b""
while part := os.read(0, 4):
    data += part
print(data, os.read(0, 4))
