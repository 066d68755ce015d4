"""Answers for connections with more than one request."""

from answers import plain, text


def echo(environ, start_response):
    return text(start_response, environ['QUERY_STRING'])


def unknown(environ, start_response):
    start_response('200 OK', [plain])
    yield b'hel'
    yield b'lo ' + environ['QUERY_STRING'].encode('latin-1')


cases = {'echo': echo, 'unknown': unknown}
