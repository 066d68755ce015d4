#!/usr/bin/python3
# Nothing can be opened any more, by whomever.
import sys

print("Content-Type: text/plain\n")
print("said")


def refuse(event, arguments):
    if event == "open":
        raise RuntimeError("refused")


sys.addaudithook(refuse)
