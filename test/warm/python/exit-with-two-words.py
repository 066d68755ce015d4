#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
raise SystemExit("K\u00f6ln", 3)
