#!/usr/bin/python3
# with: wrongly_coded.py
print("Content-Type: text/plain\n")
import wrongly_coded
