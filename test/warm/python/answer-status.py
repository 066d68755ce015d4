#!/usr/bin/python3
print("Status: 404 Not Here")
print("Content-Type: text/plain")
print("X-Extra: yes\n")
print("nothing here")
