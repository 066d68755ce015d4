#!/usr/bin/python3
# accepted: the frame of the launcher lies below that of the script
# strip: ^ +File "[^"]*importlib_bootstrap_launcher\.py", line \d+ in <module>$
# mask: 0x[0-9a-f]+
import ctypes
import faulthandler
print("Content-Type: text/plain\n", flush=True)
print(faulthandler.is_enabled(), flush=True)
faulthandler.enable()
ctypes.string_at(0)
