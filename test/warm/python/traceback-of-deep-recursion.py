#!/usr/bin/python3
# accepted: the frame of the launcher lies below that of the script
# mask: repeated \d+ more
print("Content-Type: text/plain\n")


def down(level):
    return down(level + 1)


down(0)
