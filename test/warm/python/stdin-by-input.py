#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: first\nsecond\r\nthird
print("Content-Type: text/plain\n")
print(repr(input("a question? ")), repr(input()), repr(input()))
input()
