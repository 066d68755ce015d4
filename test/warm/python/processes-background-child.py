#!/usr/bin/python3
import os
import time
print("Content-Type: text/plain\n", flush=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(0.2)
        print("from the background", flush=True)
        os._exit(0)
    os._exit(0)
os.wait()
print("the script ends")
