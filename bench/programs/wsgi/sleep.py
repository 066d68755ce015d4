"""Waits as for a database, so that only threads that work at the same time can answer more than fifty requests a second."""

import time

BODY = b'slept 20 ms\n'


def application(environ, start_response):
    time.sleep(0.02)
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(BODY)))])
    return [BODY]
