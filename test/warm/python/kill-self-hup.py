#!/usr/bin/python3
import os
import signal
print("Content-Type: text/plain\n", flush=True)
signal.raise_signal(signal.SIGHUP)
