#!/usr/bin/python3
# ending: any
print("Content-Type: text/plain\nContent-Length: 4\n")
print("more than that")
