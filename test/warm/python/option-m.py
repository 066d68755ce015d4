#!/usr/bin/python3 -m
print("Content-Type: text/plain\n")
