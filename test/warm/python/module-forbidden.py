#!/usr/bin/python3
import sys
sys.modules["json"] = None
print("Content-Type: text/plain\n")
sys.stdout.flush()
try:
    import html
    print(html.escape("<"))
finally:
    import json
