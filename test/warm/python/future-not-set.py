#!/usr/bin/python3
print("Content-Type: text/plain\n")
print(compile("1", "own", "eval").co_flags)
code = __import__("sys")._getframe().f_code
print(code.co_name, code.co_filename, code.co_flags, code.co_firstlineno, code.co_varnames)


def typed(a: undefined_name):
    pass
