#!/usr/bin/python3
import warnings
print("Content-Type: text/plain\n")
warnings.simplefilter("error")
import cgi
