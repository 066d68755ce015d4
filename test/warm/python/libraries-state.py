#!/usr/bin/python3
# accepted: regular expressions of modules that were loaded ahead are in the cache of `re`
# mask: \d+$
import decimal
import json
import logging
import mimetypes
import random
import re
import socket
import tempfile
import urllib.request
print("Content-Type: text/plain\n")
print(decimal.getcontext(), json._default_encoder.__dict__, json.encoder.c_make_encoder)
print(logging.root, logging.root.handlers, logging.Logger.manager.loggerDict, logging.lastResort, logging.raiseExceptions)
print(socket.getdefaulttimeout(), tempfile.tempdir, mimetypes.inited, urllib.request._opener, len(re._cache))
print(tempfile.gettempdir(), tempfile.template, logging._handlers.__class__, len(logging._handlerList))
