#!/usr/bin/env python3
# Broken on purpose: there is nothing wrong with this program, but its file
# lacks the permission to be executed. The cure is "chmod 755".

print("Content-Type: text/plain; charset=utf-8\n")
print("Now it may run.")
