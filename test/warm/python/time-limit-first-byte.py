#!/usr/bin/python3
# option: firstByteTimeout=1s
# mask: "afterMs":\d+
import os
import signal
import time


def told(number, frame):
    os.write(2, b"told to end\n")
    os._exit(8)


signal.signal(signal.SIGTERM, told)
time.sleep(60)
