#!/usr/bin/python3
# mask: 0x[0-9a-f]+
# mask: [A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}
import cgitb
cgitb.enable()
print("Content-Type: text/html\n")


def inner(value):
    return value / 0


inner(5)
