"""The drop-ins, and beside them Python's own modules where this Python still has them. What the tests share."""

import importlib
import io
import os
import sys
import warnings

FOLDER = os.path.join(os.path.dirname(__file__), "../../launchers/python-cgi")


def _load(names):
    for name in names:
        sys.modules.pop(name, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [importlib.import_module(name) for name in names]


sys.dont_write_bytecode = True
sys.path.insert(0, os.path.abspath(FOLDER))
ours, ours_tb = _load(["cgi", "cgitb"])
sys.path.pop(0)
try:
    theirs, theirs_tb = _load(["cgi", "cgitb"])
except ImportError:
    theirs = theirs_tb = None
# What a script imports is the drop-in.
sys.modules["cgi"], sys.modules["cgitb"] = ours, ours_tb

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def environ(body, ctype=MULTIPART, method="POST", query=None, length=True):
    variables = {"REQUEST_METHOD": method}
    if ctype is not None:
        variables["CONTENT_TYPE"] = ctype
    if query is not None:
        variables["QUERY_STRING"] = query
    if length is True:
        variables["CONTENT_LENGTH"] = str(len(body))
    elif length is not None:
        variables["CONTENT_LENGTH"] = str(length)
    return variables


def form(body, ctype=MULTIPART, method="POST", query=None, length=True, module=ours, **options):
    fp = io.BytesIO(body)
    return module.FieldStorage(fp, environ=environ(body, ctype, method, query, length), **options)


def part(content=b"", name=b"a", filename=None, more=b""):
    disposition = b'Content-Disposition: form-data; name="%s"' % name
    if filename is not None:
        disposition += b'; filename="%s"' % filename
    return disposition + b"\r\n" + more + b"\r\n" + content


def multipart(*parts, boundary=b"b"):
    return b"".join(b"--" + boundary + b"\r\n" + each + b"\r\n" for each in parts) + b"--" + boundary + b"--\r\n"
