#!/usr/bin/python3
import os
print("Content-Type: text/plain\n")
parent = os.getppid()
print(parent > 1, parent != os.getpid(), os.getpgid(parent) == os.getpgrp(), os.getsid(parent) == os.getsid(0))
try:
    os.setsid()
except PermissionError as error:
    print(error)
