"""wsgi.input, read in every way; each says what it got, as a list."""

import hashlib
import json

from answers import text
from records import note


def reads(read):
    def case(environ, start_response):
        got = read(environ['wsgi.input'])
        return text(start_response, json.dumps([item if isinstance(item, (str, int)) else item.decode('latin-1') for item in got]))

    return case


def parts(source):
    got = []
    while True:
        part = source.read(4)
        got.append(part)
        if not part:
            return got


def lines(source):
    got = []
    while True:
        line = source.readline()
        got.append(line)
        if not line:
            return got


def past_end(source):
    return [source.read(), source.read(), source.read(5), source.readline(), *source.readlines(), *source]


def mixed(source):
    return [source.readline(), source.read(3), source.readline(2), *source.readlines()]


def digest(source):
    """A read of a size may give less, as every read of a file may, but never nothing before the end."""
    hashed, length = hashlib.sha256(), 0
    while True:
        part = source.read(65536)
        if not part:
            return [str(length), hashed.hexdigest()]
        hashed.update(part)
        length += len(part)


def whole_digest(source):
    body = source.read()
    return [str(len(body)), hashlib.sha256(body).hexdigest()]


def types(source):
    return [
        type(source.read(1)).__name__,
        type(source.readline()).__name__,
        type(source.readlines(1)).__name__,
        type(source.read()).__name__,
    ]


def unread(environ, start_response):
    return text(start_response, 'not read')


def partly(environ, start_response):
    return text(start_response, environ['wsgi.input'].read(3))


def broken(environ, start_response):
    """Its client leaves in the middle of the body."""
    note(environ, 'called')
    try:
        body = environ['wsgi.input'].read()
        note(environ, 'whole' if len(body) == 200000 else 'read %d' % len(body))
    except BaseException:
        note(environ, 'raised')
        raise
    return text(start_response, body)


def length(environ, start_response):
    """As most frameworks do: only as much as CONTENT_LENGTH says."""
    size = environ.get('CONTENT_LENGTH') or '0'
    return text(start_response, json.dumps([size, environ['wsgi.input'].read(int(size)).decode('latin-1')]))


def terminated(environ, start_response):
    told = bool(environ.get('wsgi.input_terminated')) or bool(environ.get('CONTENT_LENGTH'))
    return text(start_response, json.dumps([told, environ['wsgi.input'].read().decode('latin-1')]))


def by_parts(environ, start_response):
    """Notes the first part, for the client to send the next one only then."""
    source = environ['wsgi.input']
    first = source.read(65536)
    note(environ, 'first part of %d' % len(first))
    return text(start_response, '%d read' % (len(first) + len(source.read())))


def late(environ, start_response):
    """The body is read by the iteration."""
    start_response('200 OK', [('Content-Type', 'text/plain')])
    yield environ['wsgi.input'].read()


cases = {
    'read': reads(lambda source: [source.read()]),
    'read-minus-one': reads(lambda source: [source.read(-1)]),
    'read-parts': reads(parts),
    'read-zero': reads(lambda source: [source.read(0), source.read(2), source.read(0), source.read()]),
    'read-more': reads(lambda source: [source.read(1000000)]),
    'readline': reads(lines),
    'readline-size': reads(lambda source: [source.readline(2), source.readline(100), source.readline(0), source.readline(3)]),
    'readlines': reads(lambda source: source.readlines()),
    'readlines-hint': reads(lambda source: source.readlines(5) + source.readlines()),
    'iteration': reads(list),
    'past-end': reads(past_end),
    'mixed': reads(mixed),
    'types': reads(types),
    'digest': reads(digest),
    'whole-digest': reads(whole_digest),
    'unread': unread,
    'partly': partly,
    'broken': broken,
    'length': length,
    'terminated': terminated,
    'late': late,
    'by-parts': by_parts,
    'expect': reads(lambda source: [source.read()]),
    'expect-unread': unread,
    'expect-large': reads(whole_digest),
    'expect-large-unread': unread,
}
