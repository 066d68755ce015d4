#!/usr/bin/python3
# mask: 0x[0-9a-f]+
# mask: [A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}
# mask: tmp\w+\.txt
import cgitb
cgitb.enable(display=0, logdir=".", format="text")
print("Content-Type: text/plain\n")
1 / 0
