#!/usr/bin/python3
print("Content-Type: text/plain\n")
raise SystemExit(1)
