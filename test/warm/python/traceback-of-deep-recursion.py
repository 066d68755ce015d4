#!/usr/bin/python3
print("Content-Type: text/plain\n")


def down(level):
    return down(level + 1)


down(0)
