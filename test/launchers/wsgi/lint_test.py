"""`--lint`: each breach is reported with file and line, and the application works on."""

import unittest

from server import Server

APP = '''
import functools

TEXT = [('Content-Type', 'text/plain')]

def app(environ, start_response):
    return globals()[environ['PATH_INFO'][1:]](environ, start_response)

def good(environ, start_response):
    environ['wsgi.input'].read(); environ['wsgi.input'].readline()
    environ['wsgi.errors'].write(''); environ['wsgi.errors'].flush()
    start_response('200 OK', TEXT + [('Content-Length', '4')])
    return [b'good']

def good_generator(environ, start_response):
    for line in environ['wsgi.input']:
        pass
    start_response('200 OK', TEXT)
    yield b'a'
    yield b'b'

def call(environ, start_response):
    start_response(*eval(environ['QUERY_STRING']))  # LINE call
    return [b'x']

def keyword(environ, start_response):
    start_response(status='200 OK', headers=TEXT)  # LINE keyword
    return [b'x']

def short(environ, start_response):
    start_response('200 OK', TEXT + [('Content-Length', '9')])
    return (chunk for chunk in [b'x'])  # LINE short

def text(environ, start_response):
    start_response('200 OK', TEXT)
    yield 'x'  # LINE text

def nothing(environ, start_response):
    yield b''  # LINE nothing

def early(environ, start_response):
    start_response('200 OK', TEXT)
    yield b'x'
    try:
        start_response('200 OK', TEXT)  # LINE early
    except AssertionError:
        pass

def body(environ, start_response):
    body = environ['wsgi.input']
    eval(environ['QUERY_STRING'])
    start_response('200 OK', TEXT)
    return [b'x']

def errors(environ, start_response):
    environ['wsgi.errors'].close()  # LINE errors
    start_response('200 OK', TEXT)
    return [b'x']

def bare(environ, start_response):
    start_response('200 OK', TEXT)
    return 'ab'

def removed(environ, start_response):
    del environ['PATH_INFO']
    environ['HTTP_X'] = 5
    environ[5] = ''
    start_response('200 OK', TEXT)
    return [b'x']

def written(environ, start_response):
    write = start_response('200 OK', TEXT)
    try:
        write('x')  # LINE written
    except TypeError:
        write(b'x')
    return []

class Closing:
    close = 5
    def __iter__(self):
        return iter([b'x'])

def closing(environ, start_response):
    start_response('200 OK', TEXT)
    return Closing()

partial = functools.partial(functools.partial(bare))

class Object:
    def __call__(self, environ, start_response):  # LINE object
        return bare(environ, start_response)

    def method(self, environ, start_response):  # LINE method
        return bare(environ, start_response)

    @functools.lru_cache()
    def nothing(self):
        pass

object_ = Object()
method = object_.method
'''


def line(name):
    return next(n + 1 for n, text in enumerate(APP.split('\n')) if text.endswith('# LINE ' + name))


class Lint(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(APP, lint=True)
        cls.addClassCleanup(cls.server.__exit__)
        cls.peer = cls.server.accept()

    def said(self, name, **more):
        answer = self.peer.ask(PATH_INFO='/' + name, **more)
        return [text for text in answer.errors.split('\n') if text.startswith('PEP 3333: ')], answer

    def reports(self, name, text, at=None, **more):
        with self.subTest(text):
            said, answer = self.said(name, **more)
            found = [one for one in said if text in one]
            self.assertEqual(len(found), 1, answer.errors)
            if at is not None:
                self.assertTrue(found[0].endswith('/app.py:%d)' % line(at)), found[0])
            return answer

    def test_of_an_application_in_order_nothing_is_said(self):
        for name in ('good', 'good_generator'):
            said, answer = self.said(name, body=b'a\nb')
            self.assertEqual((said, answer.end), ([], '0'))
        self.assertEqual(self.said('good')[1].head[-1], 'Content-Length: 4')
        self.assertEqual(self.said('good', REQUEST_METHOD='HEAD')[0], [])

    def test_start_response(self):
        for arguments, text in [
            ("'200 OK', {}", 'the headers must be a list, not dict'),
            ("200, TEXT", 'the status must be a str, not 200'),
            ("'200', TEXT", "the status must be like '200 OK'"),
            ("'200 ', TEXT", 'the status has no reason'),
            ("'100 Continue', TEXT", 'is no final one'),
            ("'200 OK', [['Content-Type', 'a']]", 'each header must be a tuple'),
            ("'200 OK', [('Content-Type', 1)]", 'must be str'),
            ("'200 OK', TEXT + [('a b', '')]", 'cannot be the name of a header'),
            ("'200 OK', TEXT + [('Status', '404')]", 'the header Status is CGI'),
            ("'200 OK', TEXT + [('Connection', 'close')]", 'the header Connection is hop-by-hop'),
            ("'200 OK', TEXT + [('X', 'a\\tb')]", 'holds a control character'),
            ("'200 OK', TEXT + [('X', chr(8364))]", 'no character of latin-1'),
            ("'200 OK', []", 'there is no Content-Type'),
            ("'204 No Content', TEXT", 'Content-Type with 204'),
            ("'304 Not Modified', TEXT", 'Content-Type with 304'),
            ("'204 No Content', [('Content-Length', '0')]", 'Content-Length with 204'),
            ("'200 OK', TEXT + [('Content-Length', 'x')]", 'Content-Length is no number'),
            ("'200 OK', TEXT, 5", 'exc_info must be the tuple'),
            ("'200 OK',", 'takes two or three arguments, not 1'),
        ]:
            self.reports('call', text, 'call', QUERY_STRING=arguments)
        self.assertEqual(self.reports('keyword', 'takes positional arguments', 'keyword').body, b'x')
        self.reports('early', 'after the iteration had begun', 'early')
        self.reports('written', 'write() takes bytes, not str', 'written')

    def test_what_is_returned(self):
        self.reports('short', 'Content-Length is 9, but the body has 1 bytes', 'short')
        self.reports('text', "must yield bytes, not 'x'", 'text')
        self.reports('nothing', 'before start_response() was called', 'nothing')
        self.reports('bare', 'a str was returned')
        self.reports('closing', 'close of what was returned cannot be called')
        self.reports('call', 'there is a body with a status that has none', QUERY_STRING="'304 Not Modified', []")

    def test_input_and_errors(self):
        self.reports('body', 'read() takes one number', QUERY_STRING="body.read('5') if 0 else body.read(None)")
        self.reports('body', 'wsgi.input.close()', QUERY_STRING='body.close()')
        self.reports('body', 'is read again', QUERY_STRING='[body.read(),body.read(),body.read()]')
        self.reports('body', 'wsgi.input.seek is not among', QUERY_STRING='body.seek')
        self.reports('errors', 'wsgi.errors.close()', 'errors')

    def test_environ(self):
        self.reports('removed', 'has removed PATH_INFO')
        self.reports('removed', 'the value of HTTP_X in environ must be a str, not 5')
        self.reports('removed', 'a name in environ must be a str, not 5')

    def test_where_the_application_is_written(self):
        for name, at in (('object_', 'object'), ('method', 'method')):
            with Server(APP, application='app:' + name, lint=True) as server:
                said = server.accept().ask().errors
                self.assertIn('a str was returned', said)
                self.assertIn('/app.py:%d)' % line(at), said)
        with Server(APP, application='app:partial', lint=True) as server:
            bare = next(n + 1 for n, text in enumerate(APP.split('\n')) if text.startswith('def bare('))
            self.assertIn('/app.py:%d)' % bare, server.accept().ask().errors)


if __name__ == '__main__':
    unittest.main()
