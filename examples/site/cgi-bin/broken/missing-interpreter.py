#!/usr/bin/python9
# Broken on purpose: the first line names an interpreter that is not there, as
# happens when a site moves to another machine.

print("Content-Type: text/plain; charset=utf-8\n")
print("Hello from the future.")
