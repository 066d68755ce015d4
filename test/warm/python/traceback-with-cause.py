#!/usr/bin/python3
print("Content-Type: text/plain\n")
try:
    try:
        {}["missing"]
    except KeyError as error:
        raise ValueError("the cause is known") from error
except ValueError:
    raise RuntimeError("while that was handled")
