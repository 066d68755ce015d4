#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: for the parent;for the child
import os
import subprocess
print("Content-Type: text/plain\n", flush=True)
print(os.read(0, 15), flush=True)
subprocess.run(["cat"])
print(os.read(0, 15))
