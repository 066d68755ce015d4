#!/usr/bin/python3
import os
print("Content-Type: text/plain\n")
os._exit(0)
