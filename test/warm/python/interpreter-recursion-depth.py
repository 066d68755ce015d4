#!/usr/bin/python3
# accepted: the frame of the launcher lies below that of the script
# mask: ^\d+ maximum
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
