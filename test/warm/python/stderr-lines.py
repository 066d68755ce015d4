#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
sys.stderr.write("one\ntwo without an end; ")
print("K\u00f6ln \udcff", file=sys.stderr)
sys.stderr.write("no newline at the end")
