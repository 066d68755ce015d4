#!/usr/bin/python3
import os
import signal
print("Content-Type: text/plain\n", flush=True)
print("lost")
os.kill(os.getpid(), signal.SIGTERM)
