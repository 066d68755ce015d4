#!/usr/bin/python3
print("Content-Type: text/plain\n")
print(1 is 1, "\d", [] is ())
assert (1, "always")
