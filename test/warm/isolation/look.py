#!/usr/bin/python3
# Looks wherever leave.py may have left something, and says what it finds.
import builtins
import gc
import os
import sys
said = [
    ("modules", sorted(sys.modules)),
    ("names", sorted(vars(builtins)), sorted(vars(sys)), sorted(vars(os)), sorted(globals())),
    ("collector", gc.isenabled(), gc.get_threshold(), sys.getprofile(), sys.gettrace()),
    ("lengths", len("three")),
]
import atexit
import calendar
import codecs
import collections
import contextvars
import csv
import decimal
import html.entities
import json
import json.encoder
import linecache
import locale
import logging
import mimetypes
import random
import re
import resource
import signal
import socket
import string
import tempfile
import threading
import time
import urllib.request
import warnings
import xml.etree.ElementTree
said += [
    ("environment", sorted(name for name in os.environ if name != "UNIQUE_ID"), os.environ.get("TZ"), os.getenv("MARK_TOO")),
    ("time zone", time.tzname, time.timezone),
    ("folder", os.path.basename(os.getcwd()), os.umask(0o22)),
    ("signals", [(int(number), str(signal.getsignal(number))) for number in sorted(signal.valid_signals())]),
    ("mask", signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.getitimer(signal.ITIMER_VIRTUAL)),
    ("process", os.nice(0), resource.getrlimit(resource.RLIMIT_NOFILE), sorted(os.sched_getaffinity(0))),
    ("group", os.getpgrp() == os.getpid(), sorted(os.listdir("/proc/self/fd"), key=int), os.listdir("/proc/self/task") == [str(os.getpid())]),
    ("paths", sys.path, sys.argv, [str(type(finder)) for finder in sys.meta_path], len(sys.path_hooks), "/marked" in sys.path_importer_cache),
    ("hooks", sys.excepthook, sys.unraisablehook, sys.displayhook, sys.warnoptions, str(threading.excepthook)),
    ("settings", sys.getrecursionlimit(), sys.getswitchinterval(), sys.dont_write_bytecode, hasattr(sys, "ps1"), hasattr(sys, "tracebacklimit")),
    ("json", hasattr(json, "mark"), json.encoder.INFINITY, json._default_encoder.indent, json.JSONEncoder.item_separator, json.dumps([1, {"a": 2}])),
    ("decimal", str(decimal.getcontext()), decimal.DefaultContext.prec, str(decimal.Decimal(1) / 3)),
    ("random", random.random() == random.Random(5).random()),
    ("locale", locale.setlocale(locale.LC_ALL)),
    ("classes", hasattr(collections.Counter, "mark"), hasattr(threading.Thread, "mark")),
    ("threads", threading.current_thread().name, threading.active_count(), threading.stack_size()),
    ("context", len(contextvars.copy_context())),
    ("logging", logging.root.handlers, logging.root.level, sorted(logging.root.manager.loggerDict), logging.root.manager.disable, logging.getLevelName(20)),
    ("warnings", [str(entry) for entry in warnings.filters], warnings.showwarning is warnings._showwarning_orig),
    ("sockets", socket.getdefaulttimeout(), type(socket.gethostname).__name__, urllib.request._opener),
    ("files", tempfile.tempdir, mimetypes.guess_type("a.mark"), type(temporary).__name__ if "temporary" in globals() else None),
    ("csv", csv.list_dialects(), csv.field_size_limit(), calendar.firstweekday()),
    ("text", html.entities.html5.get("mark;"), string.digits, re.escape("a.b"), os.path.join("a", "b"), len("three")),
    ("xml", xml.etree.ElementTree._namespace_map.get("http://marked"), linecache.cache),
    ("streams", sys.stdout.encoding, sys.stdout.line_buffering, sys.stdin.encoding, sys.stderr.line_buffering),
    ("at exit", atexit._ncallbacks()),
]
for look in (codecs.lookup_error, codecs.lookup):
    try:
        said.append((look.__name__, look("marked")))
    except LookupError as error:
        said.append((look.__name__, str(error)))
print("Content-Type: text/plain\n")
for words in said:
    print(*words)
