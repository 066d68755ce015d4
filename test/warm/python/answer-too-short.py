#!/usr/bin/python3
print("Content-Type: text/plain\nContent-Length: 100\n")
print("less than that")
