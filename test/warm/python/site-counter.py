#!/usr/bin/python3
import fcntl
import os
descriptor = os.open("counter", os.O_RDWR | os.O_CREAT, 0o644)
fcntl.lockf(descriptor, fcntl.LOCK_EX)
number = int(os.read(descriptor, 100) or b"0") + 1
os.lseek(descriptor, 0, os.SEEK_SET)
os.write(descriptor, b"%d" % number)
os.close(descriptor)
print("Content-Type: text/plain")
print("X-Count: %d" % number)
print()
print(number)
