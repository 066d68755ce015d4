#!/usr/bin/python3
import logging
import time

print("Content-Type: text/plain\n")
print(0 <= time.time() - logging._startTime < 5 if isinstance(logging._startTime, float) else True)
