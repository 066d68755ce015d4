#!/usr/bin/python3
import os
import pwd
print("Content-Type: text/plain\n")
print(os.getresuid(), os.getresgid(), os.getgroups(), pwd.getpwuid(os.getuid()), os.path.expanduser("~"))
