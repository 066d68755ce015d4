#!/usr/bin/python3
import ctypes
import ctypes.util
import os
print("Content-Type: text/plain\n", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
print(libc.getpid() == os.getpid(), libc.isatty(1), libc.close(99), ctypes.get_errno(), ctypes.sizeof(ctypes.c_long))
libc.puts(b"written by the library, seen after what is printed")
