#!/usr/bin/python3
# env: LC_ALL=en_US.ISO-8859-1
import locale
import sys
print("Content-Type: text/plain\n")
print(sys.flags.utf8_mode, sys.getfilesystemencoding(), sys.stdout.encoding, sys.stdout.errors, sys.stderr.encoding)
print(open("/dev/null").encoding, locale.getpreferredencoding(), locale.setlocale(locale.LC_CTYPE), locale.setlocale(locale.LC_NUMERIC))
print("K\u00f6ln", file=sys.stderr)
