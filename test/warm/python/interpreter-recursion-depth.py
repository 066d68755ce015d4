#!/usr/bin/python3
print("Content-Type: text/plain\n")


def down():
    global depth
    depth += 1
    down()


depth = 0
try:
    down()
except RecursionError as error:
    print(depth, error)
