#!/usr/bin/python3
print("Content-Type: text/plain\n")
from __future__ import annotations
