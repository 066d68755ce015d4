#!/usr/bin/python3
# mask: \d+(?=\])|total \d+
import subprocess
import sys
print("Content-Type: text/plain\n", flush=True)
subprocess.run("for fd in /proc/self/fd/*; do readlink -n $fd; echo; done | sort", shell=True, close_fds=False)
subprocess.run([sys.executable, "-c", "import os; print(sorted(os.listdir('/proc/self/fd'), key=int))"], close_fds=False)
