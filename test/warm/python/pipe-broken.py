#!/usr/bin/python3
import os
import signal
print("Content-Type: text/plain\n")
print(signal.getsignal(signal.SIGPIPE))
read, write = os.pipe()
os.close(read)
os.write(write, b"nobody reads")
