#!/usr/bin/python3
import os
import subprocess
print("Content-Type: text/plain\n", flush=True)
os.environ["ADDED"] = "1"
os.putenv("PUT", "2")
del os.environ["QUERY_STRING"]
os.unsetenv("SERVER_NAME")
subprocess.run(["env"])
print("SERVER_NAME" in os.environ, "PUT" in os.environ)
