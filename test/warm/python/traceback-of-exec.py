#!/usr/bin/python3
print("Content-Type: text/plain\n")
exec("def made():\n    return 1 / 0\n\nmade()")
