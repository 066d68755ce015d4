#!/usr/bin/python3
print("Content-Type: text/plain\n")


class Odd(Exception):
    def __str__(self):
        raise ValueError("no words")


raise Odd
