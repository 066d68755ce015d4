#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: abc
import os
import sys
print("Content-Type: text/plain\n")
sys.stdin.close()
print(os.open("/dev/null", os.O_RDONLY), sys.stdin.closed)
input()
