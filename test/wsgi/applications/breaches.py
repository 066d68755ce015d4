"""Applications that break PEP 3333. The line where each does it says `# here`, or `# here: NAME` where it is shared."""

import sys

plain = ('Content-Type', 'text/plain')


def application(environ, start_response):  # here: application
    return cases[environ['PATH_INFO'][1:]](environ, start_response)


def hello(start_response):
    start_response('200 OK', [plain])
    return [b'hello']


def status_without_reason(environ, start_response):
    start_response('200 ', [plain])  # here
    return [b'hello']


def status_is_wrong(environ, start_response):
    try:
        start_response('fine', [plain])  # here
    except ValueError:
        start_response('200 OK', [plain], sys.exc_info())
    return [b'hello']


def headers_are_a_tuple(environ, start_response):
    try:
        start_response('200 OK', (plain,))  # here
    except TypeError:
        start_response('200 OK', [plain], sys.exc_info())
    return [b'hello']


def header_is_a_list(environ, start_response):
    try:
        start_response('200 OK', [list(plain)])  # here
    except TypeError:
        start_response('200 OK', [plain], sys.exc_info())
    return [b'hello']


def header_is_a_number(environ, start_response):
    try:
        start_response('200 OK', [plain, ('X-One', 1)])  # here
    except TypeError:
        start_response('200 OK', [plain], sys.exc_info())
    return [b'hello']


def header_is_split(environ, start_response):
    try:
        start_response('200 OK', [plain, ('X-One', '1\r\nX-Two: 2')])  # here
    except ValueError:
        start_response('200 OK', [plain], sys.exc_info())
    return [b'hello']


def header_is_wide(environ, start_response):
    try:
        start_response('200 OK', [plain, ('X-One', '\u20ac')])  # here
    except ValueError:
        start_response('200 OK', [plain], sys.exc_info())
    return [b'hello']


def hop_by_hop(environ, start_response):
    start_response('200 OK', [plain, ('Connection', 'close')])  # here
    return [b'hello']


def status_as_header(environ, start_response):
    start_response('200 OK', [plain, ('Status', '200 OK')])  # here
    return [b'hello']


def untyped(environ, start_response):
    start_response('200 OK', [])  # here
    return [b'hello']


def typed_without_body(environ, start_response):
    start_response('204 No Content', [plain])  # here
    return []


def by_keyword(environ, start_response):
    start_response(status='200 OK', headers=[plain])  # here
    return [b'hello']


def twice(environ, start_response):
    start_response('200 OK', [plain])
    try:
        start_response('200 OK', [plain])  # here
    except AssertionError:
        pass
    return [b'hello']


def never(environ, start_response):
    return [b'hello']


def never_by_generator(environ, start_response):
    yield b'hello'  # here


def yields_text(environ, start_response):
    start_response('200 OK', [plain])
    yield b'hello'
    yield 'world'  # here


def returns_text(environ, start_response):
    start_response('200 OK', [plain])
    return 'hello'


def returns_bytes(environ, start_response):
    start_response('200 OK', [plain])
    return b'hello'


def returns_none(environ, start_response):
    start_response('200 OK', [plain])


def writes_text(environ, start_response):
    write = start_response('200 OK', [plain])
    try:
        write('hello')  # here
    except TypeError:
        pass
    return [b'hello']


def too_short(environ, start_response):
    start_response('200 OK', [plain, ('Content-Length', '9')])
    return [b'hello']


def too_long(environ, start_response):
    start_response('200 OK', [plain, ('Content-Length', '3')])
    return [b'hello']


def reads_text(environ, start_response):
    try:
        environ['wsgi.input'].read('all')  # here
    except (TypeError, ValueError):
        pass
    return hello(start_response)


def closes_input(environ, start_response):
    environ['wsgi.input'].close()  # here
    return hello(start_response)


def reads_for_ever(environ, start_response):
    for _ in range(10):
        environ['wsgi.input'].read(1)  # here
    return hello(start_response)


def closes_errors(environ, start_response):
    environ['wsgi.errors'].close()  # here
    return hello(start_response)


def logs_bytes(environ, start_response):
    try:
        environ['wsgi.errors'].write(b'hello')  # here
    except (TypeError, AttributeError):
        pass
    return hello(start_response)


def environ_value(environ, start_response):
    environ['SERVER_PORT'] = 80
    return hello(start_response)


def environ_missing(environ, start_response):
    del environ['wsgi.input']
    return hello(start_response)


def none_at_all(environ, start_response):
    environ['wsgi.errors'].write('no breach\n')
    environ['wsgi.input'].read()
    return hello(start_response)


cases = {name: value for name, value in globals().items() if callable(value) and name != 'application'}
