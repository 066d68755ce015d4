#!/usr/bin/python3
import os
print("Content-Type: text/plain\n")
print(open("/proc/self/task/%d/children" % os.getpid()).read() if os.path.exists("/proc/self/task/%d/children" % os.getpid()) else "")
print(len(os.listdir("/proc/self/task")))
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError as error:
    print(error)
