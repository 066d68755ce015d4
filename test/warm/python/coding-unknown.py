#!/usr/bin/python3
# -*- coding: no-such-coding -*-
print("Content-Type: text/plain\n")
