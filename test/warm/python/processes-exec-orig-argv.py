#!/usr/bin/python3 -B
# env: STEP=first
import os
import sys
if os.environ["STEP"] == "first":
    os.environ["STEP"] = "second"
    os.execv(sys.executable, sys.orig_argv)
print("Content-Type: text/plain\n")
print(sys.argv, sys.orig_argv, sys.flags, os.environ["STEP"])
