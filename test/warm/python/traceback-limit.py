#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
sys.tracebacklimit = 1


def one():
    two()


def two():
    raise ValueError("two levels down")


one()
