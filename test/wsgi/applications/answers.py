"""Answers that many applications give."""

import json

plain = ('Content-Type', 'text/plain')


def text(start_response, words, status='200 OK', headers=()):
    body = words if isinstance(words, bytes) else words.encode('utf-8')
    start_response(status, [plain, ('Content-Length', str(len(body)))] + list(headers))
    return [body]


def facts(start_response, **values):
    """Values that the client sees as `fact NAME`."""
    body = json.dumps({'facts': {name: str(value) for name, value in values.items()}}).encode('ascii')
    start_response('200 OK', [('Content-Type', 'application/json'), ('Content-Length', str(len(body)))])
    return [body]
