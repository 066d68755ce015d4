#!/usr/bin/python3-that-is-not-here
print("Content-Type: text/plain\n")
