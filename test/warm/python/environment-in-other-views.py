#!/usr/bin/python3
# request: GET /pfad/K%C3%B6ln?q=%E9
# env: SITE_NAME=Köln
import os
import posix
print("Content-Type: text/plain\n")
print(list(os.environb.items()) == [(os.fsencode(key), os.fsencode(value)) for key, value in os.environ.items()])
print(list(posix.environ) == list(os.environb), posix.environ is os.environ._data, type(os.environ))
print(os.environb[b"PATH_INFO"], ascii(os.environ["PATH_INFO"]), os.environb[b"SITE_NAME"], ascii(os.getenv("SITE_NAME")))
import ctypes
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
print(libc.getenv(b"PATH_INFO"), libc.getenv(b"SITE_NAME"), libc.getenv(b"QUERY_STRING"), libc.getenv(b"NOT_SET"))
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
names = []
while environ[len(names)]:
    names.append(environ[len(names)].split(b"=")[0])
print(names)
