#!/usr/bin/python3
# -*- coding: utf-16 -*-
print("Content-Type: text/plain\n")
