#!/usr/bin/python3
import sys


class Odd:
    def __str__(self):
        raise ValueError("no words")


print("Content-Type: text/plain\n")
sys.exit(Odd())
