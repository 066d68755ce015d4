#!/usr/bin/python3
print("Content-Type: text/plain\n")
text = """never closed
print("after")
