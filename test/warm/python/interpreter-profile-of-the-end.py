#!/usr/bin/python3
# accepted: a profile function sees the end of the launcher, and is_finalizing() says no
# mask: ^\[.*\]$
import atexit
import sys
print("Content-Type: text/plain\n")
calls = []
sys.setprofile(lambda frame, event, argument: calls.append((event, frame.f_code.co_name, frame.f_back is None)))
atexit.register(lambda: (sys.setprofile(None), print(calls)))
len("own call")
