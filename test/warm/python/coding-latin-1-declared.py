#!/usr/bin/python3
# -*- coding: latin-1 -*-
import sys
print("Content-Type: text/plain; charset=latin-1\n")
sys.stdout.reconfigure(encoding="latin-1")
print("é in K" + "öln", __file__)
raise ValueError("é")
