"""The least that a WSGI application can do: what remains is the server's own work."""

BODY = b'hello from WSGI\n'


def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(BODY)))])
    return [BODY]
