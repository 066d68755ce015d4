#!/usr/bin/python3
# request: GET /a%09b/%FF?x=%0A%FF
import os
print("Content-Type: text/plain\n")
print(os.environb[b"PATH_INFO"], os.environb[b"QUERY_STRING"], os.environb[b"REQUEST_URI"])
