#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n")
print(sys.excepthook is sys.__excepthook__, sys.excepthook)


def hook(kind, value, trace):
    print("hooked:", kind.__name__, value, trace.tb_lineno, trace.tb_next, trace.tb_frame.f_code.co_name)


sys.excepthook = hook
raise ValueError("for the hook")
