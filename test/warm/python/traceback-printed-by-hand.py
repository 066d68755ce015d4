#!/usr/bin/python3
# accepted: the frame of the launcher lies below that of the script
# strip: , \('<module>', \d+, '[^']*importlib_bootstrap_launcher\.py'\)
# strip: ^ +(File "[^"]*importlib_bootstrap_launcher\.py", line \d+, in <module>|exec\(code, names\))$
# mask: ^(None|<frame at .*importlib_bootstrap_launcher.*>) \(None
import inspect
import sys
import traceback
print("Content-Type: text/plain\n")


def inner():
    traceback.print_stack(file=sys.stdout)
    print([(frame.function, frame.lineno, frame.filename) for frame in inspect.stack()])
    raise ValueError("shown by hand")


try:
    inner()
except ValueError:
    print(traceback.format_exc())
    print(traceback.extract_tb(sys.exc_info()[2]))
print(sys._getframe().f_back, sys.exc_info(), hasattr(sys, "last_type"))
