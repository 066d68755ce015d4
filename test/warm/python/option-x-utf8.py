#!/usr/bin/python3 -X utf8
# env: LC_ALL=C
import locale
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys._xoptions, sys.getfilesystemencoding(), locale.getpreferredencoding(), sys.stdout.encoding)
print("K\u00f6ln \u2014 \u65e5\u672c")
