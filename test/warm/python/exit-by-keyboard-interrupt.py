#!/usr/bin/python3
print("Content-Type: text/plain\n")
raise KeyboardInterrupt("as if a key was pressed")
