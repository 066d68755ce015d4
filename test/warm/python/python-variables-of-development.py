#!/usr/bin/python3
# env: PYTHONSAFEPATH=1
# env: PYTHONFAULTHANDLER=1
# env: PYTHONDEVMODE=1
import faulthandler
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.path, faulthandler.is_enabled())
open("/dev/null")
