#!/usr/bin/python3 -Xint_max_str_digits=700
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys._xoptions, sys.get_int_max_str_digits())
print(len(str(10 ** 800)))
