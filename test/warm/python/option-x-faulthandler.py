#!/usr/bin/python3 -Xfaulthandler
# mask: 0x[0-9a-f]+
import os
import faulthandler
print("Content-Type: text/plain\n", flush=True)
print(faulthandler.is_enabled(), flush=True)
os.abort()
