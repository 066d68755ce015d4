#!/usr/bin/python3
# env: STEP=one
import os
import sys
if os.environ["STEP"] == "one":
    os.environ["STEP"] = "two"
    os.execv(__file__, sys.argv + ["again"])
print("Content-Type: text/plain\n")
print(sys.argv, sys.orig_argv, os.environ["STEP"], os.getpgrp() == os.getpid(), sorted(os.listdir("/proc/self/fd"), key=int))
