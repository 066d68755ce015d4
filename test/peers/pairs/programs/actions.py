#!/usr/bin/env python3
"""What the cases of ../cases.ts ask of an application (README.md): a WSGI application, and the CGI program of it."""

import hashlib
import os
import signal
import sys
import time

PIECE = 64 * 1024
TEXT = ("Content-Type", "text/plain")


def variables(environ, start):
    start("200 OK", [TEXT])
    for name, value in environ.items():
        if isinstance(value, str) and not name.startswith("wsgi."):
            yield f"{name}={value}\n".encode("latin-1")


def echo(environ, start):
    start("200 OK", [("Content-Type", environ.get("CONTENT_TYPE", "text/plain"))])
    yield from pieces(environ)


def digest(environ, start):
    total, sha256 = 0, hashlib.sha256()
    for piece in pieces(environ):
        total += len(piece)
        sha256.update(piece)
    start("200 OK", [TEXT])
    yield f"{total} {sha256.hexdigest()}\n".encode()


def stream(environ, start):
    start("200 OK", [TEXT])
    yield b"first\n"
    wait_for(gate(environ))
    yield b"last\n"


def endless(environ, start):
    start("200 OK", [TEXT])
    with open(gate(environ) + ".begun", "w") as file:
        file.write(f"{os.getpid()}\n")
    try:
        while True:
            yield b"tick\n" * 1000
            time.sleep(0.01)
    finally:
        open(gate(environ) + ".ended", "w").close()


def cut(environ, start):
    start("200 OK", [TEXT])
    yield b"begun\n"
    wait_for(gate(environ))
    os.kill(os.getpid(), signal.SIGKILL)


def short(environ, start):
    start("200 OK", [TEXT, ("Content-Length", "1000")])
    yield b"begun\n"


def broken(environ, start):
    start("503 Broken Today", [TEXT])
    yield b"it is broken\n"


def unchanged(environ, start):
    start("304 Not Modified", [("ETag", '"one"')])
    return iter(())


def cookies(environ, start):
    start("200 OK", [TEXT, ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2"), ("Set-Cookie", "c=3; HttpOnly")])
    yield b"cookies\n"


def diagnostics(environ, start):
    print("a word for the log of", os.path.basename(gate(environ)), file=environ["wsgi.errors"], flush=True)
    start("200 OK", [TEXT])
    yield b"told\n"


ACTIONS = {
    action.__name__: action
    for action in (variables, echo, digest, stream, endless, cut, short, broken, unchanged, cookies, diagnostics)
}


def application(environ, start_response):
    return ACTIONS[parameter(environ, "do")](environ, start_response)


def parameter(environ, name):
    """The values need no decoding."""
    pairs = (pair.partition("=") for pair in environ.get("QUERY_STRING", "").split("&"))
    return next(value for key, _, value in pairs if key == name)


def gate(environ):
    return parameter(environ, "gate")


def wait_for(path):
    deadline = time.monotonic() + 60
    while not os.path.exists(path) and time.monotonic() < deadline:
        time.sleep(0.01)


def pieces(environ):
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left > 0:
        piece = environ["wsgi.input"].read(min(left, PIECE))
        if not piece:
            return
        left -= len(piece)
        yield piece


def cgi():
    environ = {name.decode("latin-1"): value.decode("latin-1") for name, value in os.environb.items()}
    environ["wsgi.input"], environ["wsgi.errors"] = sys.stdin.buffer, sys.stderr
    out = sys.stdout.buffer

    def start_response(status, fields):
        head = "".join(f"{name}: {value}\r\n" for name, value in [("Status", status), *fields])
        out.write(f"{head}\r\n".encode("latin-1"))

    for piece in application(environ, start_response):
        out.write(piece)
        out.flush()
    out.flush()


if __name__ == "__main__":
    cgi()
