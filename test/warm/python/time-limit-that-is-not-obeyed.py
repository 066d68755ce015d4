#!/usr/bin/python3
# option: totalTimeout=1500ms
import signal
import time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("Content-Type: text/plain\n", flush=True)
time.sleep(60)
