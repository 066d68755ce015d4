#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
try:
    try:
        raise ValueError("lost")
    finally:
        sys.exit(4)
finally:
    print("last")
