#!/usr/bin/python3
print("Content-Type: text/plain\n")
for number in range(32768):
    print("%031d" % number)
