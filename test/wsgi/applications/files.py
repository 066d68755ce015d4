"""wsgi.file_wrapper."""

import io
import tempfile

from answers import plain, text
from records import note

content = b''.join(b'line %06d\n' % number for number in range(20000))
# Without a name, so that nothing is left of it; each opening by way of /proc has a position of its own.
kept = tempfile.TemporaryFile()
kept.write(content)
kept.flush()
path = '/proc/self/fd/%d' % kept.fileno()


class NotedFile(io.FileIO):
    """A file with a descriptor."""

    environ = None

    def close(self):
        if self.environ is not None and not self.closed:
            note(self.environ, 'closed')
        super().close()


class FileLike:
    """The least that the PEP asks for: read()."""

    def __init__(self, environ):
        self.source = io.BytesIO(b'0123456789' * 3000)
        self.environ = environ

    def read(self, size):
        return self.source.read(size)

    def close(self):
        note(self.environ, 'closed')


class ReadOnly:
    """Without close() too."""

    def __init__(self, _):
        self.source = io.BytesIO(b'0123456789' * 3000)

    def read(self, size):
        return self.source.read(size)


def noted(environ):
    file = NotedFile(path)
    file.environ = environ
    return file


def at(offset):
    def make(_):
        file = open(path, 'rb')
        file.seek(offset)
        return file

    return make


def read_first(_):
    """The position of the file object is not that of its descriptor: it has read ahead."""
    file = open(path, 'rb')
    file.read(12)
    return file


def wraps(make, length=None, block=None, status='200 OK'):
    def case(environ, start_response):
        wrapper = environ.get('wsgi.file_wrapper')
        if wrapper is None:
            return text(start_response, 'no wsgi.file_wrapper')
        start_response(status, [plain] + ([] if length is None else [('Content-Length', str(length))]))
        return wrapper(make(environ)) if block is None else wrapper(make(environ), block)

    return case


def iterated(environ, start_response):
    """A middleware may iterate over it, as over any iterable."""
    wrapper = environ.get('wsgi.file_wrapper')
    if wrapper is None:
        return text(start_response, 'no wsgi.file_wrapper')
    return text(start_response, b''.join(wrapper(open(path, 'rb'), 8192)))


def passed_through(environ, start_response):
    wrapper = environ.get('wsgi.file_wrapper')
    if wrapper is None:
        return text(start_response, 'no wsgi.file_wrapper')
    start_response('200 OK', [plain])
    return (chunk.upper() for chunk in wrapper(open(path, 'rb'), 8192))


def unused(environ, start_response):
    """Made, and not returned: nothing of it may be sent."""
    wrapper = environ.get('wsgi.file_wrapper')
    if wrapper is not None:
        wrapper(noted(environ))
    return text(start_response, 'something else')


def after_write(environ, start_response):
    wrapper = environ.get('wsgi.file_wrapper')
    if wrapper is None:
        return text(start_response, 'no wsgi.file_wrapper')
    start_response('200 OK', [plain])(b'before\n')
    return wrapper(at(len(content) - 12)(environ))


cases = {
    'whole': wraps(at(0)),
    'whole-with-length': wraps(at(0), len(content)),
    'offset': wraps(at(len(content) - 24)),
    'offset-with-length': wraps(at(12), 12),
    'read-first': wraps(read_first),
    'at-end': wraps(at(len(content))),
    'too-long': wraps(at(len(content) - 12), 24),
    'block': wraps(at(0), None, 100),
    'in-memory': wraps(lambda _: io.BytesIO(b'0123456789' * 3000)),
    'file-like': wraps(FileLike),
    'read-only': wraps(ReadOnly),
    'close': wraps(noted),
    'close-length': wraps(noted, 12),
    'head': wraps(noted, len(content)),
    'iterated': iterated,
    'passed-through': passed_through,
    'unused': unused,
    'after-write': after_write,
}
