#!/usr/bin/python3
import warnings
print("Content-Type: text/plain\n")
warnings.showwarning = lambda message, category, filename, lineno, file=None, line=None: print(message, category, lineno)
import cgi
warnings.warn("own")
