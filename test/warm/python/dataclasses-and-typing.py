#!/usr/bin/python3
import dataclasses
import enum
import typing
print("Content-Type: text/plain\n")


@dataclasses.dataclass(order=True)
class Guest:
    name: str
    number: int = 0


class Colour(enum.Enum):
    RED = 1


print(Guest("Ada") < Guest("Grace"), Guest("Ada"), typing.get_type_hints(Guest), Colour.RED, Colour.__module__)
print(typing.get_type_hints(__import__("__main__").Guest), Guest.__module__)
