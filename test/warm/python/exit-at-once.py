#!/usr/bin/python3
import os
print("Content-Type: text/plain\n", flush=True)
print("never seen: no flush")
os._exit(7)
