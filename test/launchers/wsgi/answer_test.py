"""start_response(), write() and what an application returns, by PEP 3333."""

import unittest

from server import Server, frame, request_frame

APP = '''
import json
closed = []

class Body:
    def __init__(self, chunks, at_close=None):
        self.chunks, self.at_close = chunks, at_close
    def __iter__(self):
        for chunk in self.chunks:
            if isinstance(chunk, BaseException):
                raise chunk
            yield chunk
    def close(self):
        closed.append(1)
        if self.at_close:
            raise self.at_close

class Lengthy(Body):
    def __len__(self):
        return len(self.chunks)

def app(environ, start_response):
    name = environ['PATH_INFO'][1:]
    if name == 'closed':
        start_response('200 OK', [])
        count = len(closed)
        closed.clear()
        return [b'%d' % count]
    return globals()[name](environ, start_response)

OK = [('Content-Type', 'text/plain')]
'''


class Asking(unittest.TestCase):
    """One worker for all that these functions do; each is asked for as /name, its answer compared."""

    source = ''

    @classmethod
    def setUpClass(cls):
        cls.server = Server(APP + cls.source)
        cls.addClassCleanup(cls.server.__exit__)
        cls.peer = cls.server.accept()

    def setUp(self):
        self.closed()

    def ask(self, name, **more):
        self.answer = self.peer.ask(PATH_INFO='/' + name, **more)
        return self.answer

    def closed(self):
        return int(self.peer.ask(PATH_INFO='/closed').body)


class Answers(Asking):
    source = '''
def hello(environ, start_response):
    start_response('200 OK', OK)
    return [b'hello']

def several(environ, start_response):
    start_response('200 OK', OK)
    return [b'a', b'', b'bc']

def nothing(environ, start_response):
    start_response('200 OK', OK)
    return []

def own_length(environ, start_response):
    start_response('200 OK', OK + [('content-length', '7')])
    return [b'abc']

def generator(environ, start_response):
    start_response('200 OK', OK)
    yield b''
    yield b'a'
    yield b''
    yield b'b'

def empty_generator(environ, start_response):
    start_response('200 OK', OK)
    return
    yield b''

def lengthy(environ, start_response):
    start_response('200 OK', OK)
    return Lengthy([b'abcd'])

def own_length_chunks(environ, start_response):
    start_response('200 OK', OK + [('Content-Length', '4')])
    return Body([b'ab', b'cd', b''], OSError('at the end'))

def too_short(environ, start_response):
    start_response('200 OK', OK + [('Content-Length', '4')])
    return Body([b'ab'])

def large(environ, start_response):
    start_response('200 OK', OK + [('Content-Length', '100000')])
    return Body([b'x' * 100000])

def lengthy_generator(environ, start_response):
    class Late(Lengthy):
        def __iter__(self):
            start_response('200 OK', OK)
            yield b'abcd'
    return Late([b''])

def no_content(environ, start_response):
    start_response('204 No Content', [])
    return [b'x']

def not_modified(environ, start_response):
    start_response('304 Not Modified', [])
    return Body([b'x', ValueError('taken too far')])

def endless(environ, start_response):
    start_response('200 OK', OK)
    return Body([b'', b'a', ValueError('taken too far')])

def endless_generator(environ, start_response):
    start_response('200 OK', OK)
    yield b'a'
    raise ValueError('taken too far')

def writing(environ, start_response):
    write = start_response('200 OK', OK)
    write(b'a')
    write(b'')
    write(b'b')
    return [b'c', b'd']

def writing_nothing(environ, start_response):
    write = start_response('200 OK', OK)
    write(b'')
    environ['wsgi.errors'].write('after\\n')
    return [b'x']

def writing_text(environ, start_response):
    start_response('200 OK', OK)('text')

def too_much(environ, start_response):
    start_response('200 OK', [('Content-Length', '3')])
    return [b'abcde']

def too_much_in_parts(environ, start_response):
    start_response('200 OK', [('Content-Length', '3')])
    return Body([b'ab', b'cde', ValueError('taken too far')])

def too_much_written(environ, start_response):
    write = start_response('200 OK', [('Content-Length', '3')])
    write(b'ab')
    write(b'cd')
    return []

def big(environ, start_response):
    start_response('200 OK', OK)
    return [bytes(range(256)) * 10000]

def big_parts(environ, start_response):
    start_response('200 OK', OK)
    yield bytes(range(256)) * 10000
    yield bytes(range(256)) * 200

def dropped(environ, start_response):
    start_response('200 OK', [('Connection', 'close'), ('X-A', '1'), ('transfer-encoding', 'chunked'), ('Status', '404')])
    return [b'']

def latin(environ, start_response):
    start_response('200 Tr\\xe8s bien', [('X-A', 'caf\\xe9\\t\\x80'), ('X-A', ''), ('set-COOKIE', 'a=b; c')])
    return [b'']

def subclasses(environ, start_response):
    class Text(str): pass
    class Bytes(bytes): pass
    class List(list): pass
    start_response(Text('200 OK'), List([(Text('X-A'), Text('b'))]))
    return List([Bytes(b'a')])
'''

    def test_all_sent(self):
        """launchers/wsgi/README.md: `D`, where as much as was announced is sent, and close() is still to come."""
        self.assertEqual(self.ask('lengthy').kinds, 'ODZ')
        self.assertEqual(self.ask('own_length_chunks').kinds, 'OODEZ')
        self.assertEqual(self.closed(), 2)
        self.assertEqual(self.ask('own_length_chunks', REQUEST_METHOD='HEAD').kinds, 'OEZ')
        self.assertEqual(self.ask('too_short').kinds, 'OZ')
        self.assertEqual(self.ask('generator').kinds, 'OOZ')
        self.assertNotIn('D', self.ask('large').kinds)

    def test_a_list_of_one_chunk_has_its_content_length_and_is_one_frame(self):
        answer = self.ask('hello')
        self.assertEqual(answer.head, ['Status: 200 OK', 'Content-Type: text/plain', 'Content-Length: 5'])
        self.assertEqual((answer.body, answer.kinds, answer.end), (b'hello', 'OZ', '0'))

    def test_a_list_is_whole_and_so_has_its_content_length(self):
        self.assertEqual((self.ask('several').head[-1], self.answer.body), ('Content-Length: 3', b'abc'))
        self.assertEqual((self.ask('nothing').head[-1], self.answer.body), ('Content-Length: 0', b''))

    def test_the_applications_content_length_is_passed_on_even_where_less_comes(self):
        self.assertEqual(self.ask('own_length').head[1:], ['Content-Type: text/plain', 'content-length: 7'])
        self.assertEqual((self.answer.body, self.answer.end), (b'abc', '0'))

    def test_each_chunk_of_a_generator_is_sent_at_once_and_empty_ones_send_nothing(self):
        outputs = [content for kind, content in self.ask('generator').frames if kind == 'O']
        self.assertEqual(outputs, [b'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\na', b'b'])
        self.assertEqual((self.ask('empty_generator').body, self.answer.head[0]), (b'', 'Status: 200 OK'))

    def test_an_iterable_of_length_one_has_a_content_length(self):
        self.assertEqual((self.ask('lengthy').head[-1], self.closed()), ('Content-Length: 4', 1))
        self.assertEqual(self.ask('lengthy_generator').head[-1], 'Content-Length: 4')

    def test_no_body_and_no_content_length_with_204_and_304(self):
        self.assertEqual((self.ask('no_content').head, self.answer.body), (['Status: 204 No Content'], b''))
        self.assertEqual((self.ask('not_modified').head, self.answer.body), (['Status: 304 Not Modified'], b''))
        self.assertEqual((self.answer.end, self.closed()), ('0', 1))

    def test_head_takes_from_the_iterable_what_the_head_needs_and_closes_it(self):
        for name in ('endless', 'endless_generator'):
            answer = self.ask(name, REQUEST_METHOD='HEAD')
            self.assertEqual((answer.head, answer.body), (['Status: 200 OK', 'Content-Type: text/plain'], b''))
            # write() raises, which the application may catch or not: the answer has been sent.
            self.assertEqual(answer.end[0], '2' if name == 'too_much_written' else '0')
        self.assertEqual(self.closed(), 1)
        self.assertEqual(self.ask('hello', REQUEST_METHOD='HEAD').output, b'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n')
        self.assertEqual(self.ask('writing', REQUEST_METHOD='HEAD').body, b'')

    def test_write_sends_at_once(self):
        outputs = [content for kind, content in self.ask('writing').frames if kind == 'O']
        self.assertEqual(outputs, [b'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\na', b'b', b'cd'])
        self.assertEqual(self.ask('writing_nothing').kinds, 'EOZ')  # Its head may still be replaced.
        self.assertIn('TypeError: write() takes bytes', self.ask('writing_text').errors)

    def test_more_than_content_length_is_cut_and_told(self):
        for name in ('too_much', 'too_much_in_parts', 'too_much_written'):
            answer = self.ask(name)
            self.assertEqual(len(answer.body), 3, name)
            self.assertIn('more than its Content-Length of 3', answer.errors)
            # write() raises, which the application may catch or not: the answer has been sent.
            self.assertEqual(answer.end[0], '2' if name == 'too_much_written' else '0')
        self.assertEqual(self.closed(), 1)

    def test_big_chunks_come_in_frames_of_at_most_1_mib(self):
        self.assertEqual(self.ask('big').body, bytes(range(256)) * 10000)
        self.assertEqual(self.answer.head[-1], 'Content-Length: 2560000')
        self.assertEqual(self.ask('big_parts').body, bytes(range(256)) * 10200)

    def test_fields_that_are_not_the_applications_are_left_out_and_told_once(self):
        answer = self.ask('dropped')
        self.assertEqual(answer.head, ['Status: 200 OK', 'X-A: 1', 'Content-Length: 0'])
        for name in ('Connection', 'transfer-encoding', 'Status'):
            self.assertIn('the header %s is not' % name, answer.errors)
        self.assertEqual(self.ask('dropped').errors, '')

    def test_latin_1_and_the_case_of_names_stay(self):
        self.assertEqual(
            self.ask('latin').head[:4],
            ['Status: 200 Tr\xe8s bien', 'X-A: caf\xe9\t\x80', 'X-A: ', 'set-COOKIE: a=b; c'],
        )

    def test_derived_types_are_taken(self):
        self.assertEqual((self.ask('subclasses').body, self.answer.head[1]), (b'a', 'X-A: b'))


class Wrong(Asking):
    source = '''
def call(environ, start_response):
    start_response(*eval(environ['QUERY_STRING']))
    return Body([b'x'])

def return_it(environ, start_response):
    start_response('200 OK', [])
    return eval(environ['QUERY_STRING'])

def never(environ, start_response):
    return Body([b'x'])

def never_list(environ, start_response):
    return [b'x']

def never_empty(environ, start_response):
    return Body([])

def twice(environ, start_response):
    start_response('200 OK', [])
    start_response('200 OK', [])
    return Body([])

def replaces(environ, start_response):
    start_response('200 OK', [('X-A', '1'), ('Content-Length', '5')])
    try:
        raise ValueError('early')
    except ValueError:
        import sys
        start_response('500 Broken', [('X-B', '1')], sys.exc_info())
    return [b'broken']

def late(environ, start_response):
    write = start_response('200 OK', [])
    write(b'x')
    try:
        raise ValueError('late')
    except ValueError:
        import sys
        start_response('500 Broken', [], sys.exc_info())

def before(environ, start_response):
    start_response('200 OK', [])
    raise KeyError('before')

def after(environ, start_response):
    start_response('200 OK', [])
    return Body([b'x', KeyError('after')])

def leaves(environ, start_response):
    raise eval(environ['QUERY_STRING'])

def bad_close(environ, start_response):
    start_response('200 OK', [])
    return Body([b'x'], ValueError('in close'))

def bad_text(environ, start_response):
    class Bad(Exception):
        def __str__(self):
            raise ValueError
    raise Bad
'''

    def fails(self, name, *texts, **more):
        answer = self.ask(name, **more)
        self.assertEqual((answer.end[0], answer.output), ('1', b''), answer.frames)
        for text in texts:
            self.assertIn(text, answer.errors)
        return answer

    def test_start_response_says_what_is_wrong(self):
        for arguments, kind, text in [
            ("200, []", 'TypeError', 'must be a str, not int (200)'),
            ("b'200 OK', []", 'TypeError', "must be a str, not bytes (b'200 OK')"),
            ("'200', []", 'ValueError', 'three digits'),
            ("'20 OK', []", 'ValueError', 'three digits'),
            ("'200 OK\\r\\nX: y', []", 'ValueError', 'three digits'),
            ("'200 OK\\n', []", 'ValueError', 'three digits'),
            ("chr(0x662) * 3 + ' OK', []", 'ValueError', 'three digits'),
            ("'200 OK', None", 'TypeError', 'must be a list of tuples, not NoneType'),
            ("'200 OK', {'a': 'b'}", 'TypeError', 'must be a list of tuples, not dict'),
            ("'200 OK', (('a', 'b'),)", 'TypeError', 'must be a list of tuples, not tuple'),
            ("'200 OK', ['ab']", 'TypeError', "must be a tuple (name, value), not 'ab'"),
            ("'200 OK', [('a', 'b', 'c')]", 'TypeError', 'must be a tuple (name, value)'),
            ("'200 OK', [(b'a', 'b')]", 'TypeError', 'the name of a header must be a str'),
            ("'200 OK', [('a', 1)]", 'TypeError', 'the value of the header a must be a str, not int (1)'),
            ("'200 OK', [('a b', '1')]", 'ValueError', "'a b' cannot be the name of a header"),
            ("'200 OK', [('a:', '1')]", 'ValueError', 'cannot be the name of a header'),
            ("'200 OK', [('', '1')]", 'ValueError', 'cannot be the name of a header'),
            ("'200 OK', [('a\\r\\nb', '1')]", 'ValueError', 'cannot be the name of a header'),
            ("'200 OK', [('a', '1\\r\\nb: c')]", 'ValueError', 'holds a control character'),
            ("'200 OK', [('a', '1\\n')]", 'ValueError', 'holds a control character'),
            ("'200 OK', [('a', '1\\0')]", 'ValueError', 'holds a control character'),
            ("'200 OK', [('a', chr(0x20ac))]", 'ValueError', 'no character of latin-1'),
            ("'200 ' + chr(0x20ac), []", 'ValueError', 'no character of latin-1'),
            ("'200 OK', [('Content-Length', '1x')]", 'ValueError', 'Content-Length must be one number'),
            ("'200 OK', [('Content-Length', '-1')]", 'ValueError', 'Content-Length must be one number'),
            ("'200 OK', [('Content-Length', '1'), ('content-length', '2')]", 'ValueError', 'must be one number'),
        ]:
            with self.subTest(arguments):
                answer = self.fails('call', text, 'app.py', QUERY_STRING=arguments)
                self.assertTrue(answer.exception.startswith(kind), answer.exception)

    def test_what_is_returned_must_be_an_iterable_of_bytes(self):
        for value, text in [
            ("b'abc'", 'must return an iterable of bytes, such as [body], not bytes'),
            ("'abc'", 'must return an iterable of bytes, such as [body], not str'),
            ('None', 'returned None'),
            ("['abc']", "must yield bytes, not str ('abc'); encode it"),
            ("(c for c in ['abc'])", "must yield bytes, not str ('abc'); encode it"),
            ('(c for c in [1])', 'must yield bytes, not int'),
            ('5', "'int' object is not iterable"),
        ]:
            with self.subTest(value):
                self.fails('return_it', text, QUERY_STRING=value)

    def test_start_response_must_be_called_before_the_first_chunk(self):
        for name in ('never', 'never_list', 'never_empty'):
            self.fails(name, 'has not called start_response()')
        self.assertEqual(self.closed(), 2)

    def test_start_response_twice_without_exc_info_is_an_error(self):
        self.fails('twice', 'AssertionError: start_response() was called a second time')

    def test_exc_info_before_the_head_replaces_it_and_after_it_is_raised_again(self):
        self.assertEqual(self.ask('replaces').head, ['Status: 500 Broken', 'X-B: 1', 'Content-Length: 6'])
        answer = self.ask('late')
        self.assertEqual((answer.end[0], answer.exception, answer.body), ('2', 'ValueError: late', b'x'))

    def test_an_exception_is_told_with_its_traceback_and_the_worker_lives(self):
        answer = self.fails('before')
        lines = answer.errors.split('\n')
        self.assertEqual(lines[0], 'Traceback (most recent call last):')
        self.assertIn('app.py", line ', lines[1])
        self.assertEqual((lines[-2], answer.exception), ("KeyError: 'before'", "KeyError: 'before'"))
        self.assertNotIn('_postern_wsgi', answer.errors)
        answer = self.ask('after')
        self.assertEqual((answer.end[0], answer.exception, answer.body), ('2', "KeyError: 'after'", b'x'))
        self.assertEqual(self.closed(), 1)

    def test_what_is_no_ordinary_exception_is_one(self):
        for name in ('SystemExit(3)', 'KeyboardInterrupt()', 'GeneratorExit()', 'BaseException(1)', 'RecursionError()'):
            self.fails('leaves', name.partition('(')[0], QUERY_STRING=name)
        self.fails('bad_text', 'Bad')

    def test_an_exception_in_close_goes_to_the_log(self):
        answer = self.ask('bad_close')
        self.assertEqual((answer.end, answer.body), ('0', b'x'))
        self.assertIn('ValueError: in close', answer.errors)
        self.closed()


class Validated(unittest.TestCase):
    def test_wsgiref_validate_finds_nothing_wrong_with_the_worker(self):
        source = '''
from wsgiref.validate import validator

@validator
def app(environ, start_response):
    if environ['PATH_INFO'] == '/fail':
        raise KeyError('as told')
    body = environ['wsgi.input'].read(5) + environ['wsgi.input'].readline() + b''.join(environ['wsgi.input'])
    environ['wsgi.errors'].write('said\\n')
    write = start_response('200 OK', [('Content-Type', 'text/plain')])
    if environ['PATH_INFO'] == '/write':
        write(b'written ')
    return iter([body, b'.'])
'''.replace('\\\\n', '\\n')
        with Server(source) as server:
            peer = server.accept()
            for more in ({}, {'body': b'one\ntwo\nthree'}, {'parts': [b'one\nt', b'wo\nthree']}):
                for path in ('/', '/write'):
                    answer = peer.ask(PATH_INFO=path, CONTENT_TYPE='text/plain', **more)
                    self.assertEqual((answer.end, answer.errors), ('0', 'said\n'))
                    self.assertTrue(answer.body.endswith(b'three.' if more else b'.'))
                self.assertEqual(peer.ask(PATH_INFO='/fail', **more).exception, "KeyError: 'as told'")
            self.assertEqual(peer.ask(PATH_INFO='/', REQUEST_METHOD='HEAD').body, b'')
            self.assertEqual(server.said(), '')


class Leaving(unittest.TestCase):
    def test_a_server_that_leaves_ends_the_iteration_with_close_and_is_dialled_anew(self):
        source = APP + '''
def endless(environ, start_response):
    start_response('200 OK', [])
    class Endless(Body):
        def __iter__(self):
            while True:
                yield bytes(100000)
    return Endless([])
'''
        with Server(source) as server:
            peer = server.accept()
            peer.send(request_frame(PATH_INFO='/endless'))
            self.assertEqual(peer.frame()[0], 'O')
            peer.close()
            again = server.accept()
            self.assertEqual(again.ask(PATH_INFO='/closed').body, b'1')

    def test_os_exit_simply_ends_the_process(self):
        with Server('import os\ndef app(environ, start_response):\n    os._exit(7)') as server:
            peer = server.accept()
            peer.send(request_frame())
            self.assertIsNone(peer.frame())
            self.assertEqual(server.status(), 7)

    def test_frames_may_be_cut_at_every_byte(self):
        source = '''
def app(environ, start_response):
    start_response('200 OK', [])
    return [environ['wsgi.input'].read(), environ['HTTP_X'].encode()]
'''
        data = request_frame('1', HTTP_X='y' * 20) + frame('B', b'z' * 20)
        data += request_frame('0', HTTP_X='1')
        with Server(source) as server:
            peer = server.accept()
            for at in range(1, len(data)):
                peer.send(data[:at])
                peer.send(data[at:])
                self.assertEqual(peer.answer().body, b'z' * 20 + b'y' * 20)
                self.assertEqual(peer.answer().body, b'1')
            for byte in data:
                peer.send(bytes([byte]))
            self.assertEqual((peer.answer().body, peer.answer().body), (b'z' * 20 + b'y' * 20, b'1'))


if __name__ == '__main__':
    unittest.main()
