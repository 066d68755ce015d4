"""Takes any body in pieces of 64 KiB and answers with their sum; gives the file bulk.bin from memory, or as a file."""

import os

PIECE = 64 * 1024
FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'bulk.bin')

with open(FILE, 'rb') as file:
    CHUNK = file.read(PIECE)
SIZE = os.path.getsize(FILE)


def application(environ, start_response):
    path = environ['PATH_INFO']
    if path == '/upload':
        return upload(environ, start_response)
    start_response('200 OK', [('Content-Type', 'application/octet-stream'), ('Content-Length', str(SIZE))])
    if path == '/file':
        return environ['wsgi.file_wrapper'](open(FILE, 'rb'), PIECE)
    return (CHUNK for _ in range(SIZE // PIECE))


def upload(environ, start_response):
    left = int(environ['CONTENT_LENGTH'])
    count = 0
    while left > 0:
        piece = environ['wsgi.input'].read(min(PIECE, left))
        if not piece:
            break
        count += len(piece)
        left -= len(piece)
    body = b'%d\n' % count
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]
