#!/usr/bin/python3
# request: GET /?one+tw%2Bo+three
# option: searchWords=true
import sys
print("Content-Type: text/plain\n")
print(sys.argv, sys.orig_argv)
