#!/usr/bin/python3 -u -B
print("Content-Type: text/plain\n")
print("the system makes one word of two")
