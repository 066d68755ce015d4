#!/usr/bin/python3
print("Content-Type: text/plain\n")print(1)raise ValueError("here")