#!/usr/bin/python3
import resource
print("Content-Type: text/plain\n", flush=True)
resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
bytearray(800 << 20)
