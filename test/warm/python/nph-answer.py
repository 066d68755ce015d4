#!/usr/bin/python3
import os
print("HTTP/1.1 299 Own Words", end="\r\n")
print("Content-Type: text/plain", end="\r\n")
print("Server: %s" % os.environ["SERVER_SOFTWARE"], end="\r\n\r\n")
print("straight to the client")
