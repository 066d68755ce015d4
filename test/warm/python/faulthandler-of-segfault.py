#!/usr/bin/python3
# mask: 0x[0-9a-f]+
import ctypes
import faulthandler
print("Content-Type: text/plain\n", flush=True)
print(faulthandler.is_enabled(), flush=True)
faulthandler.enable()
ctypes.string_at(0)
