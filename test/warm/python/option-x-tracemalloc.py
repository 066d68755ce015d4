#!/usr/bin/python3 -Xtracemalloc=2
import tracemalloc
print("Content-Type: text/plain\n")
print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())
value = [0] * 1000
print(tracemalloc.get_object_traceback(value))
