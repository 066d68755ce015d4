#!/usr/bin/python3
import fcntl
import os
print("Content-Type: text/plain\n")
print(fcntl.fcntl(1, fcntl.F_GETPIPE_SZ), fcntl.fcntl(2, fcntl.F_GETPIPE_SZ), os.fstat(1).st_blksize, os.fstat(1).st_ino != os.fstat(2).st_ino)
