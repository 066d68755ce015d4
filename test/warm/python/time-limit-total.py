#!/usr/bin/python3
# option: totalTimeout=1500ms
import time
print("Content-Type: text/plain\n", flush=True)
print("soon ended", flush=True)
time.sleep(60)
