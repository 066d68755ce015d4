#!/usr/bin/python3
raise LookupError("before any output")
