#!/usr/bin/python3
import json
import urllib.parse
print("Content-Type: text/plain\n")
try:
    urllib.parse.urlsplit("http://[broken")
except ValueError as error:
    trace = error.__traceback__
    while trace:
        print(trace.tb_frame.f_code.co_filename, trace.tb_frame.f_code.co_name, trace.tb_lineno)
        trace = trace.tb_next
json.dumps({1: object})
