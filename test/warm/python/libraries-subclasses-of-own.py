#!/usr/bin/python3
import abc
import collections.abc
import json
import numbers
print("Content-Type: text/plain\n")


class Own(json.JSONEncoder):
    def default(self, value):
        return "own"


class Sized(collections.abc.Sized):
    pass


print(json.JSONEncoder.__subclasses__(), json.dumps(object(), cls=Own), abc.get_cache_token() > 0)
print(isinstance(5, numbers.Integral), issubclass(dict, collections.abc.Mapping))
Sized()
