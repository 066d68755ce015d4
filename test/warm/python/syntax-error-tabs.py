#!/usr/bin/python3
print("Content-Type: text/plain\n")
if True:
        a = 1
	b = 2
