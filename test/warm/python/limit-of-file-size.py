#!/usr/bin/python3
import resource
print("Content-Type: text/plain\n", flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
with open("big", "wb") as file:
    file.write(bytes(5000))
