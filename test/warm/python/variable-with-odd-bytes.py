#!/usr/bin/python3
# request: GET /%FF%E4b?x=%0A%FF
import os
print("Content-Type: text/plain\n")
print(os.environb[b"PATH_INFO"], os.environb[b"QUERY_STRING"], os.environb[b"REQUEST_URI"])
