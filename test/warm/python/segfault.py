#!/usr/bin/python3
import ctypes
print("Content-Type: text/plain\n", flush=True)
ctypes.string_at(0)
