#!/usr/bin/python3
# env: LANG=C
# env: LC_ALL=
import locale
import sys
print("Content-Type: text/plain\n")
print(sys.flags.utf8_mode, sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), sys.stdout.encoding, sys.stdout.errors)
print(locale.getpreferredencoding(), locale.setlocale(locale.LC_ALL), locale.getlocale())
import os
print(os.environ.get("LC_CTYPE"), list(os.environ))
