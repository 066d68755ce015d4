#!/usr/bin/python3
import weakref


class Thing:
    pass


print("Content-Type: text/plain\n")
thing = Thing()
weakref.finalize(thing, print, "finalized")
generator = (print("closed") for _ in ())


def endless():
    try:
        yield 1
    finally:
        print("the generator is closed")


generator = endless()
next(generator)
