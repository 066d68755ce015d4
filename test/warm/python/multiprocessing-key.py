#!/usr/bin/python3
# runs: random
import multiprocessing

print("Content-Type: text/plain\n")
print(multiprocessing.current_process().authkey.hex())
