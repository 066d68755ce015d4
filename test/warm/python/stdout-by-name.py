#!/usr/bin/python3
import os
print("Content-Type: text/plain\n", flush=True)
for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
    with open(name, "w") as file:
        print(name, os.fstat(1).st_ino == os.fstat(file.fileno()).st_ino, file.fileno(), file=file)
with open("/dev/stderr", "a") as file:
    print("to the log", file=file)
