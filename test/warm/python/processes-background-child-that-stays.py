#!/usr/bin/python3
import os
import time
print("Content-Type: text/plain\n", flush=True)
if os.fork() == 0:
    time.sleep(1.2)
    open("trace", "w").close()
    print("too late to be heard", flush=True)
    os._exit(0)
print("the script ends")
