"""Applications that fail."""

import os
import sys

from answers import plain, text


def before(environ, start_response):
    raise ValueError('secret-before')


def after_start(environ, start_response):
    start_response('200 OK', [plain])
    raise ValueError('secret-started')


def first(environ, start_response):
    start_response('200 OK', [plain])
    raise ValueError('secret-first')
    yield b''


def middle(environ, start_response):
    start_response('200 OK', [plain])
    yield b'one'
    raise ValueError('secret-middle')


def middle_with_length(environ, start_response):
    start_response('200 OK', [plain, ('Content-Length', '6')])
    yield b'one'
    raise ValueError('secret-length')


def leaves(environ, start_response):
    sys.exit(9)


def leaves_in_middle(environ, start_response):
    start_response('200 OK', [plain])
    yield b'one'
    sys.exit(9)


def interrupted(environ, start_response):
    raise KeyboardInterrupt


def ends(environ, start_response):
    os._exit(9)


def ends_in_middle(environ, start_response):
    start_response('200 OK', [plain, ('Content-Length', '6')])(b'one')
    os._exit(9)


def ends_unframed(environ, start_response):
    start_response('200 OK', [plain])(b'one')
    os._exit(9)


def fine(environ, start_response):
    return text(start_response, 'fine')


def process(environ, start_response):
    return text(start_response, str(os.getpid()))


def wrong_arguments(environ):
    return []


cases = {
    'before': before,
    'after-start': after_start,
    'first': first,
    'middle': middle,
    'middle-with-length': middle_with_length,
    'system-exit': leaves,
    'system-exit-in-middle': leaves_in_middle,
    'keyboard-interrupt': interrupted,
    'ends': ends,
    'ends-in-middle': ends_in_middle,
    'ends-unframed': ends_unframed,
    'fine': fine,
    'process': process,
    'wrong-arguments': wrong_arguments,
}
