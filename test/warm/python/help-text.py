#!/usr/bin/python3
"""A script with words of its own.

And more of them.
"""
import pydoc
print("Content-Type: text/plain\n")


def own(a: int = 1) -> str:
    """Does nothing."""


print(pydoc.render_doc(own, renderer=pydoc.plaintext), __doc__)
help(own)
