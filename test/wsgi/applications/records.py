"""What the applications have noted of themselves, for the client to ask afterwards: that close() was called, and so on."""

import json

notes = {}


def note(environ, text):
    notes.setdefault(environ['PATH_INFO'], []).append(text)


def read(environ, start_response):
    body = json.dumps(notes.get('/' + environ['QUERY_STRING'], [])).encode('ascii')
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]


class Noted:
    """An iterable that notes the call of its close()."""

    def __init__(self, environ, chunks):
        self.environ = environ
        self.chunks = chunks

    def __iter__(self):
        return iter(self.chunks)

    def close(self):
        note(self.environ, 'closed')


cases = {'read': read}
