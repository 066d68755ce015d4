#!/usr/bin/python3
import resource
resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
print("Content-Type: text/plain\n", flush=True)
while True:
    pass
