"""Tells everything that it finds in environ."""

import io
import json
import os
import sys
from urllib.parse import quote


def dump(environ, start_response):
    seen = {
        'variables': {name: value for name, value in environ.items() if type(value) is str},
        'types': {str(name): type(value).__name__ for name, value in environ.items()},
        'facts': facts(environ),
    }
    environ['test.mark'] = 'set'
    body = json.dumps(seen).encode('ascii')
    start_response('200 OK', [('Content-Type', 'application/json'), ('Content-Length', str(len(body)))])
    return [body]


def facts(environ):
    source, errors = environ['wsgi.input'], environ['wsgi.errors']
    return {
        'environ': type(environ).__name__,
        'names that are not str': repr([name for name in environ if type(name) is not str]),
        'variables that are not str': repr(
            sorted(name for name, value in environ.items() if '.' not in name and type(value) is not str)
        ),
        'characters above FF': repr(
            sorted(name for name, value in environ.items() if type(value) is str and max(value + ' ') > '\xff')
        ),
        'version': repr(environ['wsgi.version']),
        'multithread': str(bool(environ['wsgi.multithread'])),
        'multiprocess': str(bool(environ['wsgi.multiprocess'])),
        'run_once': str(bool(environ['wsgi.run_once'])),
        'missing of input': repr([name for name in ('read', 'readline', 'readlines', '__iter__') if not hasattr(source, name)]),
        'missing of errors': repr([name for name in ('flush', 'write', 'writelines') if not hasattr(errors, name)]),
        'mark of an earlier request': repr(environ.get('test.mark')),
        'request in os.environ': repr('PATH_INFO' in os.environ or 'REQUEST_METHOD' in os.environ),
        'url': url(environ),
        'input is standard input': repr(source in (sys.stdin, getattr(sys.stdin, 'buffer', None))),
        'text input': repr(isinstance(source, io.TextIOBase)),
    }


def url(environ):
    """As PEP 3333, URL Reconstruction, has it."""
    result = environ['wsgi.url_scheme'] + '://'
    if environ.get('HTTP_HOST'):
        result += environ['HTTP_HOST']
    else:
        result += environ['SERVER_NAME']
        if environ['SERVER_PORT'] != ('443' if environ['wsgi.url_scheme'] == 'https' else '80'):
            result += ':' + environ['SERVER_PORT']
    result += quote(environ.get('SCRIPT_NAME', ''), encoding='latin-1')
    result += quote(environ.get('PATH_INFO', ''), encoding='latin-1')
    if environ.get('QUERY_STRING'):
        result += '?' + environ['QUERY_STRING']
    return result
