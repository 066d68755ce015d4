#!/usr/bin/python3
import multiprocessing
import os
import sys


def work(number):
    print("working", number, __name__, sys.argv, sys.path[0], os.getcwd(), flush=True)


if __name__ == "__main__":
    print("Content-Type: text/plain\n", flush=True)
    process = multiprocessing.get_context("spawn").Process(target=work, args=(1,))
    process.start()
    process.join()
    print(process.exitcode)
