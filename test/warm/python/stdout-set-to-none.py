#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n", flush=True)
sys.stdout = None
print("nowhere")
sys.stderr = None
raise ValueError("nobody hears")
