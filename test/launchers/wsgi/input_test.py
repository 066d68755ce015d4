"""environ, wsgi.input, wsgi.errors and wsgi.file_wrapper, by PEP 3333."""

import gzip
import random
import unittest

from server import Server, frame, request_frame

APP = '''
import io, json, os, sys, tempfile, threading, logging

def app(environ, start_response):
    body = globals()[environ['PATH_INFO'][1:]](environ, environ['wsgi.input'])
    start_response('200 OK', [])
    return [body] if isinstance(body, bytes) else body

def ask(environ, body):
    value = eval(environ['QUERY_STRING'], {**globals(), 'environ': environ, 'body': body})
    return value if isinstance(value, environ['wsgi.file_wrapper']) else ascii(value).encode()

def echo(environ, body):
    return body.read()
'''


class Asking(unittest.TestCase):
    settings = {}
    environment = {}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(APP, environment=cls.environment, **cls.settings)
        cls.addClassCleanup(cls.server.__exit__)
        cls.peer = cls.server.accept()

    def ask(self, expression, **more):
        answer = self.peer.ask(PATH_INFO='/ask', QUERY_STRING=expression, **more)
        self.assertEqual(answer.end, '0', answer.errors)
        return eval(answer.body.decode())


class Environ(Asking):
    environment = {'PATH_SECRET': 'x'}

    def test_it_is_a_dict_of_native_strings_and_nothing_of_the_systems_environment(self):
        self.assertEqual(self.ask('type(environ)is dict and {type(k) for k in environ}=={str}'), True)
        self.assertEqual(self.ask('"PATH_SECRET" in environ or "HOME" in environ'), False)
        self.assertEqual(self.ask('"POSTERN_APPLICATION" in os.environ'), False)
        self.assertEqual(self.ask('environ["HTTP_X"]', HTTP_X='caf\xe9\xff'), 'caf\xe9\xff')
        self.assertEqual(self.ask('environ["HTTP_X"]', HTTP_X=''), '')

    def test_the_wsgi_variables(self):
        self.assertEqual(self.ask('environ["wsgi.version"]'), (1, 0))
        names = 'multithread multiprocess run_once input_terminated'.split()
        self.assertEqual(self.ask('[environ["wsgi."+n] for n in %r]' % names), [False, False, False, True])
        self.assertEqual(self.ask('environ["wsgi.url_scheme"]'), 'http')
        for more in ({'HTTPS': 'on'}, {'HTTPS': '1'}, {'REQUEST_SCHEME': 'https'}):
            self.assertEqual(self.ask('environ["wsgi.url_scheme"]', **more), 'https')
        self.assertEqual(self.ask('environ["wsgi.url_scheme"]', HTTPS='off'), 'http')

    def test_one_thread_is_the_main_thread(self):
        self.assertEqual(self.ask('threading.current_thread() is threading.main_thread()'), True)

    def test_no_folder_or_module_of_the_worker_is_in_the_applications_way(self):
        self.assertEqual(self.ask('[p for p in sys.path if "launchers" in p]'), [])
        self.assertEqual(self.ask('sys.path[0]==os.getcwd()'), True)
        self.assertEqual(self.ask('[m for m in ("errors","worker","body","environ","lint") if m in sys.modules]'), [])


class Told(Asking):
    settings = {'threads': 2, 'processes': True}

    def test_threads_and_processes_are_told_truly(self):
        self.assertEqual(self.ask('(environ["wsgi.multithread"],environ["wsgi.multiprocess"])'), (True, True))


class Input(Asking):
    def both(self, expression, parts, expected):
        """Whole, and streamed."""
        with self.subTest(expression):
            self.assertEqual(self.ask(expression, body=b''.join(parts)), expected)
            self.assertEqual(self.ask(expression, parts=parts), expected)

    def test_every_way_to_read(self):
        parts = [b'ab', b'c\nd', b'e\n', b'\nfg']
        self.both('body.read()', parts, b'abc\nde\n\nfg')
        self.both('body.read(-1)', parts, b'abc\nde\n\nfg')
        self.both('body.read(None)', parts, b'abc\nde\n\nfg')
        self.both('[body.read(3),body.read(0),body.read(100),body.read(1),body.read()]', parts, [b'abc', b'', b'\nde\n\nfg', b'', b''])
        self.both('[body.readline() for _ in range(6)]', parts, [b'abc\n', b'de\n', b'\n', b'fg', b'', b''])
        self.both('[body.readline(2),body.readline(2),body.readline(0)]', parts, [b'ab', b'c\n', b''])
        self.both('[body.readline(-1),body.read(2),body.readline(None),body.read()]', parts, [b'abc\n', b'de', b'\n', b'\nfg'])
        self.both('body.readlines()', parts, [b'abc\n', b'de\n', b'\n', b'fg'])
        self.both('body.readlines(5)', parts, [b'abc\n', b'de\n'])
        self.both('list(body)', parts, [b'abc\n', b'de\n', b'\n', b'fg'])
        self.both('[next(body),body.read()]', parts, [b'abc\n', b'de\n\nfg'])
        self.both('io.TextIOWrapper(body).read()', parts, 'abc\nde\n\nfg')
        self.both('io.BufferedReader(body).read()', parts, b'abc\nde\n\nfg')

    def test_an_empty_body_never_blocks(self):
        for more in ({}, {'body': b''}, {'parts': []}):
            self.assertEqual(self.ask('[body.read(),body.read(5),body.readline(),list(body)]', **more), [b'', b'', b'', []])

    def test_the_body_is_asked_for_once_and_only_where_it_is_read(self):
        self.assertEqual(self.peer.ask(parts=[b'x'], PATH_INFO='/ask', QUERY_STRING='1').kinds, 'OZ')
        self.assertEqual(self.peer.ask(parts=[b'x'], PATH_INFO='/ask', QUERY_STRING='body.read(0)').kinds, 'OZ')
        self.assertEqual(self.peer.ask(parts=[b'x', b'y'], PATH_INFO='/echo').kinds, 'ROZ')

    def test_what_was_not_read_is_read_after_the_answer(self):
        answer = self.peer.ask(parts=[b'x' * 100000] * 10, PATH_INFO='/ask', QUERY_STRING='body.read(1)')
        self.assertEqual(answer.body, b"b'x'")
        self.assertEqual(self.ask('2'), 2)
        answer = self.peer.ask(parts=[b'x' * 10, None], PATH_INFO='/ask', QUERY_STRING='body.read(1)')
        self.assertEqual(answer.body, b"b'x'")
        self.assertEqual(self.ask('3'), 3)

    def test_a_body_that_breaks_off_is_an_os_error(self):
        for expression in ('body.read()', 'body.read(100)', 'list(body)', '[body.read(3),body.read(1)]'):
            answer = self.peer.ask(parts=[b'abc', None], PATH_INFO='/ask', QUERY_STRING=expression)
            self.assertEqual(answer.end[0], '1')
            self.assertEqual(answer.exception, 'OSError: the request body broke off')
        self.assertEqual(self.ask('4'), 4)

    def test_a_server_that_leaves_within_the_body_is_an_os_error(self):
        with Server(APP) as server:
            peer = server.accept()
            peer.send(request_frame('2', PATH_INFO='/ask', QUERY_STRING='body.read()'))
            self.assertEqual(peer.frame()[0], 'R')
            peer.send(frame('B', b'abc'))
            peer.close()
            self.assertEqual(server.accept().ask(PATH_INFO='/ask', QUERY_STRING='5').body, b'5')

    def test_a_large_body_comes_whole(self):
        parts = [random.Random(1).getrandbits(8 * 60000).to_bytes(60000, 'big') for _ in range(50)]
        whole = b''.join(parts)
        self.assertEqual(self.peer.ask(body=whole, PATH_INFO='/echo').body, whole)
        self.assertEqual(self.peer.ask(parts=parts, PATH_INFO='/echo').body, whole)
        self.assertEqual(self.peer.ask(parts=[whole], PATH_INFO='/echo').body, whole)
        expression = "len(b''.join(iter(lambda:body.read(65536),b'')))"
        self.assertEqual(self.peer.ask(parts=parts, PATH_INFO='/ask', QUERY_STRING=expression).body, b'3000000')

    def test_random_cuts_and_reads(self):
        rng = random.Random(2)
        for _ in range(150):
            parts = [bytes(rng.choice(b'ab\n') for _ in range(rng.randint(1, 30))) for _ in range(rng.randint(0, 6))]
            calls = ','.join(
                rng.choice(['body.read(%d)', 'body.readline(%d)', 'body.readline()', 'body.readlines(%d)']).replace(
                    '%d', str(rng.randint(0, 40))
                )
                for _ in range(rng.randint(1, 8))
            )
            expression = '[%s,body.read()]' % calls
            expected = self.ask(expression, body=b''.join(parts))
            data = request_frame('2', PATH_INFO='/ask', QUERY_STRING=expression)
            body = b''.join(frame('B', part) for part in parts) + frame('B')
            self.peer.send(data)
            kind = self.peer.frame()
            if kind[0] == 'R':
                while body:
                    at = rng.randint(1, len(body))
                    self.peer.send(body[:at])
                    body = body[at:]
                kind = self.peer.frame()
            self.assertEqual(kind[0], 'O', kind)
            self.assertEqual(eval(kind[1].partition(b'\r\n\r\n')[2].decode()), expected, (parts, expression))
            self.assertEqual(self.peer.frame(), ('Z', b'0'))


class ErrorStream(Asking):
    def errors(self, expression, **more):
        answer = self.peer.ask(PATH_INFO='/ask', QUERY_STRING=expression, **more)
        self.assertEqual(answer.end, '0', answer.errors)
        return [content.decode() for kind, content in answer.frames if kind == 'E']

    def test_a_line_is_a_frame(self):
        self.assertEqual(self.errors('print("a","b",1,file=environ["wsgi.errors"])'), ['a b 1\n'])
        self.assertEqual(self.errors('environ["wsgi.errors"].write("a\u00e9")'.encode().decode('latin-1')), ['a\u00c3\u00a9'])
        self.assertEqual(self.errors('environ["wsgi.errors"].writelines(["a","b\\n","c"])'), ['ab\n', 'c'])
        flush = '[environ["wsgi.errors"].write("a"),environ["wsgi.errors"].flush(),environ["wsgi.errors"].write("b")]'
        self.assertEqual(self.errors(flush), ['a', 'b'])

    def test_it_takes_all_text_and_text_alone(self):
        self.assertEqual(self.errors('environ["wsgi.errors"].write("\\udc80\\u20ac")'), ['\\udc80\u20ac'])
        answer = self.peer.ask(PATH_INFO='/ask', QUERY_STRING='environ["wsgi.errors"].write(b"")')
        self.assertIn('TypeError: wsgi.errors.write() takes a str', answer.errors)

    def test_logging_writes_to_it(self):
        expression = 'logging.StreamHandler(environ["wsgi.errors"]).emit(logging.makeLogRecord({"msg":"m"}))'
        self.assertEqual(self.errors(expression), ['m\n'])

    def test_outside_of_a_request_it_is_stderr(self):
        self.ask('sys.__dict__.__setitem__("kept",environ["wsgi.errors"])')
        expression = 'threading.Timer(0.2,lambda:sys.kept.write("from elsewhere\\n")).start()'
        self.ask(expression)
        self.server.wait_said('from elsewhere\n')

    def test_other_threads_do_not_corrupt_frames(self):
        source = APP + '''
import time
def noisy(environ, body):
    errors = environ['wsgi.errors']
    stop = []
    def shout():
        for n in range(300):
            errors.write('line %d\\\\n' % n)
    threads = [threading.Thread(target=shout) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(300):
        yield b'x' * 100
    for thread in threads:
        thread.join()
'''.replace('\\\\n', '\\n')
        with Server(source) as server:
            answer = server.accept().ask(PATH_INFO='/noisy')
            self.assertEqual((answer.body, answer.end), (b'x' * 30000, '0'))
            self.assertEqual(len(answer.errors.split('\n')), 1201)


class Files(Asking):
    def file(self, expression, **more):
        source = 'environ["wsgi.file_wrapper"](%s)' % expression
        return self.peer.ask(PATH_INFO='/ask', QUERY_STRING=source, **more)

    def setUp(self):
        self.data = bytes(range(256)) * 6000
        self.path = self.server.folder + '/file'
        with open(self.path, 'wb') as file:
            file.write(self.data)

    def test_a_file_goes_out_with_its_length(self):
        answer = self.file('open(%r,"rb")' % self.path)
        self.assertEqual((answer.body == self.data, answer.end), (True, '0'))
        self.assertEqual(answer.head, ['Status: 200 OK', 'Content-Length: 1536000'])
        raw = self.file('open(%r,"rb",0),100' % self.path)
        self.assertEqual(raw.body, self.data)

    def test_from_where_the_file_stands(self):
        expression = '(lambda f:[f.read(1000),f][1])(open(%r,"rb"))' % self.path
        answer = self.file(expression)
        self.assertEqual((answer.body == self.data[1000:], answer.head[1]), (True, 'Content-Length: 1535000'))

    def test_not_with_head(self):
        self.assertEqual(self.file('open(%r,"rb")' % self.path, REQUEST_METHOD='HEAD').output, b'Status: 200 OK\r\n\r\n')

    def test_what_is_no_plain_file_is_read(self):
        self.assertEqual(self.file('io.BytesIO(b"abc")').output, b'Status: 200 OK\r\n\r\nabc')
        self.assertEqual(self.file('__import__("gzip").GzipFile(fileobj=io.BytesIO(__import__("gzip").compress(b"abc")))').body, b'abc')
        self.assertEqual(self.file('__import__("subprocess").Popen(["echo","x"],stdout=-1).stdout').body, b'x\n')
        self.assertIn(b'Name:', self.file('open("/proc/self/status","rb")').body)
        zipped = self.server.folder + '/file.gz'
        with gzip.open(zipped, 'wb') as file:
            file.write(b'abc' * 99)
        self.assertEqual(self.file('__import__("gzip").open(%r)' % zipped).body, b'abc' * 99)

    def test_a_temporary_file(self):
        expression = '(lambda f:[f.write(b"abc"),f.seek(1),f][2])(tempfile.NamedTemporaryFile())'
        self.assertEqual(self.file(expression).body, b'bc')
        expression = '(lambda f:[f.write(b"abc"),f.seek(1),f][2])(tempfile.SpooledTemporaryFile())'
        self.assertEqual(self.file(expression).body, b'bc')

    def test_a_text_file_is_an_error(self):
        self.assertIn('must yield bytes, not str', self.file('open(%r,encoding="latin-1")' % self.path).errors)

    def test_it_is_closed(self):
        self.ask('sys.__dict__.__setitem__("f",open(%r,"rb"))' % self.path)
        self.file('sys.f')
        self.assertEqual(self.ask('sys.f.closed'), True)


if __name__ == '__main__':
    unittest.main()
