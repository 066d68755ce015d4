#!/usr/bin/python3
import io
import locale
import sys
print("Content-Type: text/plain\n")
print(sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), locale.getpreferredencoding(False))
print(open("/dev/null").encoding, open("/dev/null").errors, io.text_encoding(None), sys.stdout.encoding)
import encodings
print(sorted(name for name, value in encodings._cache.items()))
