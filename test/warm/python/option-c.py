#!/usr/bin/python3 -c
print("Content-Type: text/plain\n")
