"""Content-Length, and statuses and methods without a body."""

from answers import plain


def says(length, *chunks, status='200 OK', more=()):
    def case(environ, start_response):
        headers = [plain] + ([] if length is None else [('Content-Length', length)]) + list(more)
        start_response(status, headers)
        return iter(chunks)

    return case


def twice(environ, start_response):
    start_response('200 OK', [plain, ('Content-Length', '5'), ('Content-Length', '7')])
    return [b'hello']


def not_modified(length, *chunks):
    def case(environ, start_response):
        start_response('304 Not Modified', [('ETag', '"1"')] + ([] if length is None else [('Content-Length', length)]))
        return list(chunks)

    return case


def no_content(*chunks):
    def case(environ, start_response):
        start_response('204 No Content', [('X-One', '1')])
        return list(chunks)

    return case


cases = {
    'right': says('5', b'hel', b'lo'),
    'short': says('3', b'hello'),
    'short-later': says('3', b'hel', b'lo', b'!'),
    'long': says('9', b'hello'),
    'long-empty': says('9'),
    'zero': says('0'),
    'zero-with-body': says('0', b'hello'),
    'word': says('six', b'hello'),
    'negative': says('-1', b'hello'),
    'plus': says('+5', b'hello'),
    'twice': twice,
    'unknown': says(None, b'hel', b'lo'),
    'head-with-length': says('5', b'hello'),
    'head-unknown': says(None, b'hel', b'lo'),
    'head-empty': says('5'),
    'no-content': no_content(),
    'no-content-body': no_content(b'hello'),
    'not-modified': not_modified(None),
    'not-modified-length': not_modified('5'),
    'not-modified-body': not_modified(None, b'hello'),
}
