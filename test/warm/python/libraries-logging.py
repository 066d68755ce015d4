#!/usr/bin/python3
# accepted: the frame of the launcher lies below that of the script
# strip: ^ +(File "[^"]*importlib_bootstrap_launcher\.py", line \d+, in <module>|exec\(code, names\))$
# mask: \d+-\d+-\d+ \d+:\d+:\d+,\d+
# mask: _PID=\d+
import logging
print("Content-Type: text/plain\n")
logging.warning("by the root before it is configured")
logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(filename)s:%(lineno)d %(processName)s %(threadName)s _PID=%(process)d %(message)s", level=logging.DEBUG, force=True)
logging.getLogger("site.shop").info("an order of %d", 3)
try:
    1 / 0
except ZeroDivisionError:
    logging.exception("with a traceback")
logging.getLogger("quiet").debug("%d", "not a number")
