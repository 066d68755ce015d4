"""Iterables of every kind, and the call of close()."""

import io

from answers import plain
from records import Noted, note


def returns(make, headers=(plain,), status='200 OK'):
    def case(environ, start_response):
        start_response(status, list(headers))
        return make(environ)

    return case


class Iterator:
    def __init__(self, *chunks):
        self.chunks = list(chunks)

    def __iter__(self):
        return self

    def __next__(self):
        if not self.chunks:
            raise StopIteration
        return self.chunks.pop(0)


class Sequence:
    """The old protocol: no __iter__, only __getitem__."""

    def __getitem__(self, index):
        return [b'one ', b'two'][index]


class Lines(Iterator):
    """Has __len__ of 1, and the one chunk only later."""

    def __len__(self):
        return 1


def generator(*chunks):
    yield from chunks


def raising(*chunks):
    yield from chunks
    raise ValueError('meant')


class BrokenClose(Noted):
    def close(self):
        note(self.environ, 'closed')
        raise ValueError('meant')


class BrokenIter(Noted):
    def __iter__(self):
        raise ValueError('meant')


class CloseOfIterable(Noted):
    """close() is the iterable's; the iterator that __iter__ makes has one too, which is not to be called."""

    def __iter__(self):
        return Inner(self.environ)


class Inner(Iterator):
    def __init__(self, environ):
        super().__init__(b'one ', b'two')
        self.environ = environ

    def close(self):
        note(self.environ, 'inner closed')


def never_started(environ, start_response):
    return Noted(environ, [b'hello'])


def stops(environ, start_response):
    start_response('200 OK', [plain, ('Content-Length', '3')])
    return Counted(environ, ())


class Counted(Noted):
    def __iter__(self):
        for number in range(5):
            note(self.environ, 'chunk')
            yield b'one'


def order(environ, start_response):
    start_response('200 OK', [plain])
    return Ordered(environ)


class Ordered(Noted):
    def __init__(self, environ):
        super().__init__(environ, ())

    def __iter__(self):
        note(self.environ, 'first')
        yield b'first'
        note(self.environ, 'second')
        yield b'second'
        note(self.environ, 'end')


cases = {
    'list': returns(lambda _: [b'one ', b'two']),
    'tuple': returns(lambda _: (b'one ', b'two')),
    'generator': returns(lambda _: generator(b'one ', b'two')),
    'iterator': returns(lambda _: Iterator(b'one ', b'two')),
    'sequence': returns(lambda _: Sequence()),
    'set': returns(lambda _: {b'one two'}),
    'map': returns(lambda _: map(bytes, [b'one ', b'two'])),
    'file-like': returns(lambda _: io.BytesIO(b'one\ntwo\n')),
    'empty': returns(lambda _: []),
    'empty-chunk': returns(lambda _: [b'']),
    'empty-generator': returns(lambda _: generator()),
    'empty-first': returns(lambda _: generator(b'', b'', b'one ', b'', b'two', b'')),
    'single': returns(lambda _: [b'hello']),
    'single-later': returns(lambda _: Lines(b'', b'hello')),
    'single-with-length': returns(lambda _: [b'hello'], [plain, ('Content-Length', '5')]),
    'text': returns(lambda _: ['hello']),
    'text-later': returns(lambda _: generator(b'hello ', 'world')),
    'bytes': returns(lambda _: b'hello'),
    'none': returns(lambda _: None),
    'number': returns(lambda _: [1]),
    'large': returns(lambda _: [b'x' * 4194304]),
    'small-chunks': returns(lambda _: generator(*[b'%d\n' % number for number in range(1000)])),
    'binary': returns(lambda _: generator(bytes(range(256)), b'\r\n0\r\n\r\n')),
    'close': returns(lambda environ: Noted(environ, [b'one ', b'two'])),
    'close-head': returns(lambda environ: Noted(environ, [b'one ', b'two'])),
    'close-204': returns(lambda environ: Noted(environ, []), (), '204 No Content'),
    'close-raising': returns(lambda environ: Noted(environ, raising(b'one'))),
    'close-raising-first': returns(lambda environ: Noted(environ, raising())),
    'close-text': returns(lambda environ: Noted(environ, generator(b'one', 'two'))),
    'close-broken': returns(lambda environ: BrokenClose(environ, [b'one ', b'two'])),
    'close-broken-iter': returns(lambda environ: BrokenIter(environ, [])),
    'close-of-iterable': returns(lambda environ: CloseOfIterable(environ, [])),
    'close-short': returns(lambda environ: Noted(environ, [b'one', b'two']), [plain, ('Content-Length', '3')]),
    'close-long': returns(lambda environ: Noted(environ, [b'one']), [plain, ('Content-Length', '9')]),
    'close-never-started': never_started,
    'order': order,
    'stops': stops,
}
