"""An application that uses all there is, watched by the standard library's own validator."""

import sys
from wsgiref.validate import validator

plain = ('Content-Type', 'text/plain')


def everything(environ, start_response):
    source, errors = environ['wsgi.input'], environ['wsgi.errors']
    got = [source.read(3), source.readline(), source.readline(2), source.read(0)]
    got += source.readlines(1)
    got += list(source)
    got += [source.read(10), source.readline()]
    got += source.readlines()
    errors.write('validated\n')
    errors.writelines(['validated one\n', 'validated two\n'])
    errors.flush()
    write = start_response('200 OK', [plain])
    try:
        raise ValueError('meant')
    except ValueError:
        write = start_response('201 Created', [plain], sys.exc_info())
    write(b''.join(got))
    return Chunks(environ)


class Chunks:
    def __init__(self, environ):
        self.environ = environ

    def __iter__(self):
        yield b''
        yield b' and more'

    def close(self):
        pass


def simple(environ, start_response):
    start_response('200 OK', [plain])
    return [b'hello']


def no_content(environ, start_response):
    start_response('204 No Content', [])
    return []


def file(environ, start_response):
    import io

    start_response('200 OK', [plain])
    return environ['wsgi.file_wrapper'](io.BytesIO(b'of a file'))


cases = {
    'everything': validator(everything),
    'simple': validator(simple),
    'no-content': validator(no_content),
    'file': validator(file),
    'head': validator(simple),
}
