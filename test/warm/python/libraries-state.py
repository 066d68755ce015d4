#!/usr/bin/python3
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
