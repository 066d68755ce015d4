#!/usr/bin/python3 -X dev
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys._xoptions, sys.warnoptions)
import faulthandler
import warnings
print(warnings.filters, faulthandler.is_enabled())
file = open("/dev/null")
del file
b"a".decode("utf-8", "no-such-handler")
