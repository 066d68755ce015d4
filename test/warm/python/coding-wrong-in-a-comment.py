#!/usr/bin/python3
# A comment from K ö ln
print("Content-Type: text/plain\n")
