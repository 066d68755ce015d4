#!/usr/bin/python3
print("Content-Type: text/plain\n", flush=True)
breakpoint()
print("after it")
