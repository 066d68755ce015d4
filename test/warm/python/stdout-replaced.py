#!/usr/bin/python3
import io
import sys
sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding="latin-1", errors="xmlcharrefreplace", newline="\r\n")
print("Content-Type: text/plain\n")
print("K\u00f6ln \u65e5\u672c")
