#!/usr/bin/python3
from __future__ import annotations
import __future__
print("Content-Type: text/plain\n")


def typed(a: undefined_name) -> also_undefined:
    pass


print(typed.__annotations__, compile("x: y = 1", "own", "exec").co_flags & __future__.annotations.compiler_flag != 0)
