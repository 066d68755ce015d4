#!/usr/bin/python3
# env: LC_ALL=POSIX
import os
import sys
print("Content-Type: text/plain\n")
print(sys.flags.utf8_mode, sys.getfilesystemencoding(), sys.stdout.encoding, sys.stdout.errors, sys.stdin.errors)
print(os.environ.get("LC_CTYPE"), "K\u00f6ln", ascii(os.fsdecode(b"\xff")))
