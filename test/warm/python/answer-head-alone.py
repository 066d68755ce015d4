#!/usr/bin/python3
# ending: any
# request: HEAD /
import os
print("Content-Type: text/plain")
print("X-Method: %s\n" % os.environ["REQUEST_METHOD"])
print("not sent")
