"""start_response() in every order, and with every kind of argument."""

import sys

from answers import facts, plain, text
from records import note


def as_given(environ, start_response):
    start_response('299 Own Words', [plain, ('X-One', '1'), ('X-two', ' b '), ('x-One', '3'), ('X-Empty', '')])
    return [b'hello']


def twice(environ, start_response):
    start_response('200 OK', [plain])
    try:
        start_response('201 Created', [plain])
    except BaseException:
        return [b'raised']
    return [b'taken']


def replaced(environ, start_response):
    start_response('200 OK', [plain, ('X-First', '1')])
    try:
        raise ValueError('meant')
    except ValueError:
        start_response('503 Replaced', [plain, ('X-Second', '2')], sys.exc_info())
    return [b'second']


def replaced_late(environ, start_response):
    start_response('200 OK', [plain, ('X-First', '1')])
    yield b''
    yield b''
    try:
        raise ValueError('meant')
    except ValueError:
        start_response('503 Replaced', [plain, ('X-Second', '2')], sys.exc_info())
    yield b'second'


def too_late(environ, start_response):
    start_response('200 OK', [plain])
    yield b'first'
    try:
        raise ValueError('meant')
    except ValueError:
        try:
            start_response('503 Replaced', [plain], sys.exc_info())
            note(environ, 'taken')
        except BaseException as error:
            note(environ, repr(error))
            raise


def too_late_after_write(environ, start_response):
    write = start_response('200 OK', [plain])
    write(b'first')
    try:
        raise ValueError('meant')
    except ValueError:
        try:
            start_response('503 Replaced', [plain], sys.exc_info())
            note(environ, 'taken')
        except BaseException as error:
            note(environ, repr(error))
    return []


def first_with_exc_info(environ, start_response):
    try:
        raise ValueError('meant')
    except ValueError:
        start_response('503 Only', [plain], sys.exc_info())
    return [b'only']


def exc_info_none(environ, start_response):
    start_response('200 OK', [plain], None)
    return [b'hello']


def write_is_returned(environ, start_response):
    write = start_response('200 OK', [plain])
    return [repr(callable(write)).encode()]


def never(environ, start_response):
    return [b'hello']


def never_and_nothing(environ, start_response):
    return []


def late(environ, start_response):
    start_response('202 Late', [plain])
    yield b'hello'


def too_late_for_body(environ, start_response):
    yield b'hello'
    start_response('200 OK', [plain])


def held_back(environ, start_response):
    """The head waits for the first chunk that is not empty."""
    start_response('200 OK', [plain])
    yield b''
    raise ValueError('meant')


def appended(environ, start_response):
    headers = [plain, ('X-One', '1')]
    start_response('200 OK', headers)
    headers.append(('X-Late', 'a\r\nX-Injected: b'))
    return [b'hello']


def cookies(environ, start_response):
    start_response('200 OK', [plain, ('Set-Cookie', 'a=1'), ('Set-Cookie', 'b=2; Path=/'), ('Set-Cookie', 'c=3')])
    return [b'hello']


def latin(environ, start_response):
    start_response('200 OK', [plain, ('X-Latin', 'caf\xe9'), ('X-Utf', '\u20ac'.encode().decode('latin-1'))])
    return [b'hello']


def long(environ, start_response):
    start_response('200 OK', [plain, ('X-Long', 'x' * 12000)])
    return [b'hello']


def many(environ, start_response):
    start_response('200 OK', [plain] + [('X-%d' % number, str(number)) for number in range(80)])
    return [b'hello']


def untyped(environ, start_response):
    start_response('200 OK', [('X-One', '1')])
    return [b'hello']


def dated(environ, start_response):
    start_response('200 OK', [plain, ('Date', 'Sun, 06 Nov 1994 08:49:37 GMT'), ('Server', 'mine/1')])
    return [b'hello']


def redirect(environ, start_response):
    start_response('302 Found', [plain, ('Location', '/elsewhere?a=b')])
    return [b'over there']


def not_found(environ, start_response):
    return text(start_response, 'my own page', '404 Not Found')


def keywords(environ, start_response):
    """A middleware's own start_response may be called by position alone."""
    try:
        start_response('200 OK', [plain], *[])
    except BaseException:
        return facts(start_response, taken=False)
    return [b'hello']


def tries(status='200 OK', headers=None):
    """`refused` where start_response() raises, as the PEP wants it of whatever is not allowed; else `taken`."""

    def case(environ, start_response):
        try:
            start_response(status, [plain] if headers is None else headers)
        except BaseException:
            start_response('200 OK', [plain], sys.exc_info())
            return [b'refused']
        return [b'taken']

    return case


cases = {
    'as-given': as_given,
    'twice': twice,
    'replaced': replaced,
    'replaced-late': replaced_late,
    'too-late': too_late,
    'too-late-after-write': too_late_after_write,
    'first-with-exc-info': first_with_exc_info,
    'exc-info-none': exc_info_none,
    'write-is-returned': write_is_returned,
    'never': never,
    'never-and-nothing': never_and_nothing,
    'late': late,
    'too-late-for-body': too_late_for_body,
    'held-back': held_back,
    'appended': appended,
    'cookies': cookies,
    'latin': latin,
    'long': long,
    'many': many,
    'untyped': untyped,
    'dated': dated,
    'redirect': redirect,
    'not-found': not_found,
    'keywords': keywords,
    'status-word': tries('fine'),
    'status-two-digits': tries('20 OK'),
    'status-four-digits': tries('2000 OK'),
    'status-99': tries('099 Low'),
    'status-number': tries(200),
    'status-bytes': tries(b'200 OK'),
    'status-injection': tries('200 OK\r\nX-Injected: 1'),
    'status-euro': tries('200 \u20ac'),
    'headers-none': tries(headers=()),
    'name-space': tries(headers=[plain, ('X One', '1')]),
    'name-colon': tries(headers=[plain, ('X-One:', '1')]),
    'name-empty': tries(headers=[plain, ('', '1')]),
    'name-injection': tries(headers=[plain, ('X-One: 1\r\nX-Injected', '1')]),
    'name-bytes': tries(headers=[plain, (b'X-One', '1')]),
    'name-latin': tries(headers=[plain, ('X-\xe9', '1')]),
    'value-injection': tries(headers=[plain, ('X-One', '1\r\nX-Injected: 1')]),
    'value-lf': tries(headers=[plain, ('X-One', '1\nX-Injected: 1')]),
    'value-cr': tries(headers=[plain, ('X-One', '1\rX-Injected: 1')]),
    'value-folded': tries(headers=[plain, ('X-One', '1\r\n 2')]),
    'value-nul': tries(headers=[plain, ('X-One', '1\0002')]),
    'value-control': tries(headers=[plain, ('X-One', '1\0012')]),
    'value-bytes': tries(headers=[plain, ('X-One', b'1')]),
    'value-number': tries(headers=[plain, ('X-One', 1)]),
    'value-euro': tries(headers=[plain, ('X-One', '\u20ac')]),
    'pair-of-three': tries(headers=[plain, ('X-One', '1', '2')]),
    'hop-connection': tries(headers=[plain, ('Connection', 'X-One')]),
    'hop-keep-alive': tries(headers=[plain, ('Keep-Alive', 'timeout=9')]),
    'hop-transfer-encoding': tries(headers=[plain, ('Transfer-Encoding', 'chunked')]),
    'hop-upgrade': tries(headers=[plain, ('Upgrade', 'other')]),
    'hop-te': tries(headers=[plain, ('TE', 'trailers')]),
}
