#!/usr/bin/python3
import os
import signal
print("Content-Type: text/plain\n")
print("flushed at the end", flush=False)
os.kill(os.getpid(), signal.SIGINT)
signal.pause()
