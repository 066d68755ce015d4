#!/usr/bin/python3
import os
import sys
print("Content-Type: text/plain\n", flush=True)
child = os.fork()
if child == 0:
    print("in the child", os.getpgrp() == os.getppid(), flush=True)
    os._exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), os.getpgrp() == os.getpid())
