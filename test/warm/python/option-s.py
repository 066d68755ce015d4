#!/usr/bin/python3 -s
import site
import sys
print("Content-Type: text/plain\n")
print(sys.flags, site.ENABLE_USER_SITE, sys.path)
