#!/usr/bin/python3
# Leaves a mark in every place where the next request might find it.
import atexit
import builtins
import calendar
import codecs
import collections
import contextvars
import csv
import decimal
import gc
import html.entities
import json
import json.encoder
import linecache
import locale
import logging
import mimetypes
import os
import random
import re
import resource
import signal
import socket
import string
import sys
import tempfile
import threading
import time
import types
import urllib.request
import warnings
import xml.etree.ElementTree

mark = "left behind"
os.environ["MARK"] = mark
os.environ["TZ"] = "Asia/Tokyo"
os.putenv("MARK_TOO", mark)
del os.environ["SERVER_SOFTWARE"]
time.tzset()
os.mkdir("elsewhere") if not os.path.isdir("elsewhere") else None
os.chdir("elsewhere")
os.umask(0o77)
signal.signal(signal.SIGTERM, lambda *words: None)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
signal.setitimer(signal.ITIMER_VIRTUAL, 1000)
os.nice(1)
resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])

builtins.mark = mark
builtins.print_of_old = builtins.print
sys.mark = mark
sys.path.insert(0, "/marked")
sys.path_importer_cache["/marked"] = None
sys.modules["marked"] = types.ModuleType("marked")
sys.modules["this"] = sys.modules["marked"]
sys.argv.append(mark)
sys.warnoptions.append("error")
sys.displayhook = lambda *words: None
sys.setswitchinterval(0.5)
sys.dont_write_bytecode = True
sys.ps1 = mark
gc.disable()
gc.set_threshold(1, 2, 3)
gc.freeze()

json.mark = mark
json.encoder.INFINITY = 1
json._default_encoder.indent = 9
decimal.getcontext().prec = 3
decimal.DefaultContext.prec = 4
decimal.setcontext(decimal.Context(prec=5))
random.seed(5)
locale.setlocale(locale.LC_ALL, "C")
collections.Counter.mark = mark
threading.Thread.mark = mark
threading.current_thread().name = mark
threading.stack_size(1 << 20)
threading.excepthook = lambda *words: None
contextvars.ContextVar("marked").set(mark)
logging.basicConfig(format="%(message)s left", level=1)
logging.getLogger("marked").addHandler(logging.NullHandler())
logging.disable(50)
logging.addLevelName(20, mark)
warnings.simplefilter("error")
warnings.showwarning = lambda *words, **more: None
socket.setdefaulttimeout(3)
socket.gethostname = lambda: mark
tempfile.tempdir = "/marked"
mimetypes.add_type("application/mark", ".mark")
urllib.request.install_opener(urllib.request.build_opener())
codecs.register_error("marked", lambda error: ("", error.end))
codecs.register(lambda name: codecs.lookup("ascii") if name == "marked" else None)
csv.register_dialect("marked", delimiter="|")
csv.field_size_limit(5)
calendar.setfirstweekday(3)
html.entities.html5["mark;"] = mark
string.digits = mark
xml.etree.ElementTree.register_namespace("marked", "http://marked")
linecache.cache[__file__] = (1, None, [mark], __file__)
re.compile("marked")
os.mark = mark

held = [open(os.devnull) for _ in range(5)]
os.set_inheritable(held[0].fileno(), True)
temporary = tempfile.TemporaryFile(dir=".")
print("Content-Type: text/plain\n")
print("left", flush=True)
builtins.len = lambda value: 7
sys.excepthook = lambda *words: None
sys.unraisablehook = lambda *words: None
sys.setrecursionlimit(777)
sys.setprofile(lambda *words: None)
sys.meta_path.append(types.SimpleNamespace(find_spec=lambda *words: None))
re.escape = lambda text: mark
os.path.join = lambda *words: mark
json.JSONEncoder.item_separator = mark
sys.tracebacklimit = 0
sys.stdout.reconfigure(encoding="latin-1", line_buffering=True)
atexit.register(lambda: None)
