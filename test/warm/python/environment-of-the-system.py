#!/usr/bin/python3
print("Content-Type: text/plain\n")
print(open("/proc/self/environ").read().replace("\0", "\n"))
