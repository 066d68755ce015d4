"""A WSGI application without a framework, which tells what it has been told."""

import hashlib
import json
import os
import time


def application(environ, start_response):
    path = environ['PATH_INFO']
    typed = [('Content-Type', 'text/plain')]
    if path == '/raise':
        raise ValueError('as it was asked')
    if path == '/stream':
        start_response('200 OK', typed)
        return stream(environ['QUERY_STRING'])
    if path == '/ticks':
        start_response('200 OK', typed)
        return ticks(environ['QUERY_STRING'])
    if path == '/big':
        start_response('200 OK', typed)
        return (b'%07d\n' % number * 128 for number in range(4096))
    if path == '/early':
        # Nothing of the body is read.
        start_response('413 Content Too Large', typed)
        return [b'x' * 500000]
    body = environ['wsgi.input'].read()
    told = {name: value for name, value in environ.items() if isinstance(value, (str, bool))}
    told['body'] = [len(body), hashlib.sha256(body).hexdigest()]
    told['pid'] = os.getpid()
    told['environment'] = dict(os.environ)
    start_response('201 Made' if path == '/made' else '200 OK', typed + [('X-Pid', str(os.getpid()))])
    return [json.dumps(told).encode()]


def ticks(file):
    """Without an end; the file is written when the iteration is closed."""
    try:
        while True:
            yield b'tick\n'
            time.sleep(0.1)
    finally:
        with open(file, 'w'):
            pass


def stream(file):
    """The second part comes when there is a file."""
    yield b'one\n'
    for _ in range(600):
        if os.path.exists(file):
            break
        time.sleep(0.1)
    yield b'two\n'
