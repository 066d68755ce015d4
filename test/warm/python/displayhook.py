#!/usr/bin/python3
import code
import sys
print("Content-Type: text/plain\n", flush=True)
sys.displayhook(42)
code.InteractiveConsole({"name": "Ada"}).runsource("name * 2")
print(_, sys.ps1 if hasattr(sys, "ps1") else "no prompt")
