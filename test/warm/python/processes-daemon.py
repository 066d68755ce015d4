#!/usr/bin/python3
import os
import time
print("Content-Type: text/plain\n", flush=True)
if os.fork() == 0:
    os.setsid()
    null = os.open("/dev/null", os.O_RDWR)
    for number in range(3):
        os.dup2(null, number)
    time.sleep(0.2)
    os._exit(0)
print("a daemon is left")
