#!/usr/bin/python3
# with: warning.py
import warning
print("Content-Type: text/plain\n")
warning.old()
warning.older()
print(sorted(key[0] for key in vars(warning)["__warningregistry__"] if key != "version"))
