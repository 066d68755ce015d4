"""The write() that start_response() returns."""

import sys

from answers import plain
from records import note
from streams import gate


def alone(environ, start_response):
    write = start_response('200 OK', [plain])
    write(b'one ')
    write(b'two')
    return []


def then_iterable(environ, start_response):
    write = start_response('200 OK', [plain])
    write(b'one ')
    return [b'two ', b'three']


def then_raises(environ, start_response):
    write = start_response('200 OK', [plain])
    write(b'one')
    raise ValueError('meant')


def text(environ, start_response):
    write = start_response('200 OK', [plain])
    try:
        write('one')
    except BaseException:
        return [b'refused']
    return [b'taken']


def empty_then_replaced(environ, start_response):
    write = start_response('200 OK', [plain])
    write(b'')
    try:
        raise ValueError('meant')
    except ValueError:
        write = start_response('503 Replaced', [plain], sys.exc_info())
    write(b'second')
    return []


def with_length(environ, start_response):
    write = start_response('200 OK', [plain, ('Content-Length', '7')])
    write(b'one ')
    write(b'two')
    return []


def beyond_length(environ, start_response):
    write = start_response('200 OK', [plain, ('Content-Length', '3')])
    write(b'one')
    try:
        write(b'two')
        note(environ, 'taken')
    except BaseException:
        note(environ, 'raised')
    return []


def below_length(environ, start_response):
    write = start_response('200 OK', [plain, ('Content-Length', '9')])
    write(b'one')
    return []


def streamed(environ, start_response):
    write = start_response('200 OK', [plain])
    write(b'first ')
    write(gate(environ))
    return []


def large(environ, start_response):
    write = start_response('200 OK', [plain])
    for _ in range(64):
        write(b'x' * 65536)
    return []


cases = {
    'alone': alone,
    'then-iterable': then_iterable,
    'then-raises': then_raises,
    'text': text,
    'empty-then-replaced': empty_then_replaced,
    'with-length': with_length,
    'beyond-length': beyond_length,
    'below-length': below_length,
    'streamed': streamed,
    'large': large,
}
