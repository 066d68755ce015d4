#!/usr/bin/python3
print("Content-Type: text/plain\n")
import this
import this
import __hello__
__hello__.main()
