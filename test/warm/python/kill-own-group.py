#!/usr/bin/python3
import os
import signal
print("Content-Type: text/plain\n", flush=True)
signal.signal(signal.SIGTERM, lambda number, frame: print("told:", number, flush=True))
os.killpg(os.getpgrp(), signal.SIGTERM)
print("and goes on")
