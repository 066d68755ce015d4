"""Bodies whose second part waits until the client has said that it has the first."""

import threading

from answers import plain, text
from records import note

#: How long the second part waits: a server that keeps the first for itself is seen by it.
limit = 3
events = {}
lock = threading.Lock()


def event_of(path):
    with lock:
        return events.setdefault(path, threading.Event())


def gate(environ):
    """The second part of the body, when the client has asked for it, or else words of regret."""
    return b'second' if event_of(environ['PATH_INFO']).wait(limit) else b'nobody had the first part'


def open_gate(environ, start_response):
    event_of('/' + environ['QUERY_STRING']).set()
    return text(start_response, 'opened')


def generator(environ, start_response):
    start_response('200 OK', [plain])
    yield b'first '
    yield gate(environ)


def with_length(environ, start_response):
    start_response('200 OK', [plain, ('Content-Length', '12')])
    yield b'first '
    yield gate(environ)


def empty_between(environ, start_response):
    start_response('200 OK', [plain])
    yield b''
    yield b'first '
    yield b''
    yield gate(environ)


class Endless:
    """More than any buffer between here and the client holds; notes how much has been taken."""

    made = 0

    def __init__(self, environ):
        self.environ = environ

    def __iter__(self):
        return self

    def __next__(self):
        Endless.made += 65536
        if Endless.made > 256 * 1024 * 1024:
            raise StopIteration
        return b'x' * 65536

    def close(self):
        note(self.environ, 'closed')


def endless(environ, start_response):
    start_response('200 OK', [plain])
    return Endless(environ)


def made(environ, start_response):
    return text(start_response, str(Endless.made))


cases = {
    'open': open_gate,
    'generator': generator,
    'with-length': with_length,
    'empty-between': empty_between,
    'endless': endless,
    'made': made,
}
