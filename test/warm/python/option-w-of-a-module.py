#!/usr/bin/python3 -Werror::DeprecationWarning:cgi
import sys
print("Content-Type: text/plain\n")
print(sys.warnoptions)
import cgi
print("not the caller's")
