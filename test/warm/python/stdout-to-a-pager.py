#!/usr/bin/python3
import subprocess
import sys
print("Content-Type: text/plain\n", flush=True)
pager = subprocess.Popen(["sort", "-r"], stdin=subprocess.PIPE, text=True)
sys.stdout = pager.stdin
for number in range(5):
    print("line", number)
sys.stdout.close()
sys.stdout = sys.__stdout__
print("ended with", pager.wait())
