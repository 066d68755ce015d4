#!/usr/bin/python3 -
# request: POST /
# header: Content-Type: text/plain
# body: import sys\nprint("Content-Type: text/plain\\n")\nprint(sys.argv, __file__ if "__file__" in vars() else None)\n
print("Content-Type: text/plain\n")
print("this file is an argument of what the body says")
