"""The worker's process: loading, threads, signals, its end, preload, reload."""

import ast
import json
import os
import signal
import time
import unittest

from server import MAIN, Server, frame

APP = '''
import os, sys, threading

def app(environ, start_response):
    start_response('200 OK', [])
    return [repr(eval(environ['QUERY_STRING'], {**globals(), 'environ': environ})).encode()]
'''
HELLO = '''
def %s(environ, start_response):
    start_response('200 OK', [])
    return [b'%s']
'''


def hello(name):
    return HELLO % (name, name)


class Loading(unittest.TestCase):
    def loads(self, application, source='', files=None):
        with self.subTest(application), Server(source, application=application, files=files) as server:
            return server.accept().ask().body

    def refused(self, application, source='', files=None, statuses=(3, 4)):
        with Server(source, application=application, files=files) as server:
            self.assertIn(server.status(), statuses)
            return server.said()

    def test_what_is_not_there_has_a_status_of_its_own(self):
        for application, source in [('nowhere:app', ''), ('app:b', 'app = 1\n'), ('app', ''), ('./nowhere.py:app', '')]:
            self.refused(application, source, statuses=(4,))
        # These may be other than they are now for reasons outside of the code.
        for application, source in [
            ('app', 'import nowhere\n'),
            ('app', 'import app.inner\n'),
            ('app', 'raise AttributeError("app")\n'),
            ('app:make()', 'def make():\n    pass\n'),
        ]:
            self.refused(application, source, statuses=(3,))

    def test_the_forms_of_an_application(self):
        self.assertEqual(self.loads('app:hello', hello('hello')), b'hello')
        self.assertEqual(self.loads('app', hello('app')), b'app')
        self.assertEqual(self.loads('app', hello('application') + hello('app')), b'application')
        self.assertEqual(self.loads('app.py', hello('app')), b'app')
        self.assertEqual(self.loads('./app.py:hello', hello('hello')), b'hello')
        nested = 'class A:\n    class B:\n' + hello('hello').replace('\n', '\n        ').replace('def', '@staticmethod\n        def')
        self.assertEqual(self.loads('app:A.B.hello', nested), b'hello')
        factory = hello('hello') + 'def make():\n    return hello\n'
        self.assertEqual(self.loads('app:make()', factory), b'hello')
        self.assertEqual(self.loads('app:Make.at()', factory + 'class Make:\n    at = staticmethod(make)\n'), b'hello')

    def test_files_and_packages(self):
        files = {'p/__init__.py': '', 'p/wsgi.py': 'from .inner import hello\n', 'p/inner.py': hello('hello')}
        self.assertEqual(self.loads('p.wsgi:hello', files=files), b'hello')
        self.assertEqual(self.loads('p/wsgi.py:hello', files=files), b'hello')
        files = {'d/json.py': 'import other\nhello = other.hello\n', 'd/other.py': hello('hello'), 'd/my-app.wsgi': hello('hello')}
        self.assertEqual(self.loads('d/json.py:hello', files=files), b'hello')
        self.assertEqual(self.loads('./d/my-app.wsgi:hello', files=files), b'hello')

    def test_modules_named_as_the_workers_own_are_the_applications(self):
        names = ['errors', 'worker', 'body', 'environ', 'lint', 'files', 'head', 'main', 'process', 'trace', 'loading']
        source = 'import %s\n' % ', '.join(names) + hello('app')
        self.assertEqual(self.loads('app', source, {name + '.py': 'x = 1\n' for name in names}), b'app')

    def test_a_callable_object_and_a_class_are_applications(self):
        call = hello('__call__').replace('environ,', 'self, environ,').replace('\n', '\n    ')
        self.assertEqual(self.loads('app', 'class A:' + call + '\napp = A()\n'), b'__call__')
        source = '''
class app:
    def __init__(self, environ, start_response):
        start_response('200 OK', [])
    def __iter__(self):
        yield b'class'
'''
        self.assertEqual(self.loads('app', source), b'class')

    def test_what_cannot_be_loaded_is_said_with_how_to_mend_it(self):
        for application, source, text in [
            ('app:missing', hello('hello'), "app has no 'missing'\nwhat could be called there: hello"),
            ('app', hello('hello'), 'app has neither `application` nor `app`: name it, app:NAME'),
            ('nowhere:app', '', "there is no module 'nowhere' in "),
            ('no.where:app', '', "there is no module 'no' in "),
            ('nowhere.py', '', 'there is no file '),
            ('app:', '', 'names no application'),
            (':app', '', 'names no application'),
            ('app:a b', '', 'names no application'),
            ('app:make(1)', '', 'names no application'),
            ('my-app:app', '', "'my-app' is no name of a module"),
            ('app:x', 'x = 5\n', 'app:x is an int, which is no WSGI application: it cannot be called'),
            ('app:x()', 'x = 5\n', 'app:x is an int, which cannot be called'),
            ('app:make', 'def make():\n    pass\n', 'if it makes the application, write app:make()'),
            ('app:make()', 'def make():\n    pass\n', 'app:make() is a NoneType, which is no WSGI application'),
            ('app', 'async def app(scope, receive, send):\n    pass\n', 'is an ASGI (async) application'),
            ('app', 'class A:\n    async def __call__(self, a, b, c):\n        pass\napp = A()\n', 'is an ASGI (async)'),
        ]:
            with self.subTest(application + source):
                said = self.refused(application, source)
                self.assertIn(text, said)
                self.assertNotIn('Traceback', said)

    def test_what_fails_while_it_is_loaded_is_told_with_its_traceback(self):
        for source, text in [
            ('import missing_one\n', "ModuleNotFoundError: No module named 'missing_one'"),
            ('1 / 0\n', 'ZeroDivisionError'),
            ('def\n', 'SyntaxError'),
            ('raise SystemExit(0)\n', 'SystemExit: 0'),
        ]:
            said = self.refused('app', source)
            self.assertIn('app.py", line 1', said)
            self.assertNotIn('importlib', said)
            self.assertIn(text, said)
            self.assertNotIn('_postern_wsgi', said)


    def test_an_isolated_interpreter_and_processes_that_the_application_spawns(self):
        source = '''
import multiprocessing, sys
def double(number):
    return number * 2
def app(environ, start_response):
    start_response('200 OK', [])
    if environ['PATH_INFO'] == '/path':
        return [repr([path for path in sys.path if 'launchers' in path]).encode()]
    with multiprocessing.get_context(environ['QUERY_STRING']).Pool(1) as pool:
        return [str(pool.apply(double, [21])).encode()]
'''
        for arguments in ([], ['-I']):
            with Server(source, arguments=arguments) as server:
                peer = server.accept()
                self.assertEqual(peer.ask(PATH_INFO='/path').body, b'[]')
                for method in ('spawn', 'fork'):
                    self.assertEqual(peer.ask(QUERY_STRING=method).body, b'42')


class Process(unittest.TestCase):
    def ask(self, peer, expression):
        answer = peer.ask(QUERY_STRING=expression)
        self.assertEqual(answer.end, '0', answer.errors)
        return eval(answer.body.decode())

    def test_hello_says_the_process_and_the_thread_as_faulthandler_does(self):
        with Server(APP) as server:
            peer = server.accept()
            self.assertEqual(peer.hello['pid'], server.process.pid)
            self.assertEqual(peer.hello['thread'], '0x%016x' % self.ask(peer, 'threading.get_ident()'))
            self.assertTrue(peer.hello['language'].startswith('Python 3.'))

    def test_usr2_writes_the_stacks(self):
        with Server(APP) as server:
            peer = server.accept()
            os.kill(server.process.pid, signal.SIGUSR2)
            server.wait_said('hread %s (most recent call first):' % peer.hello['thread'])
            self.assertEqual(self.ask(peer, '1'), 1)

    def test_each_thread_has_its_connection(self):
        source = APP + '''
both = threading.Barrier(2, timeout=60)
'''
        with Server(source, threads=2) as server:
            peers = [server.accept(), server.accept()]
            self.assertNotEqual(peers[0].hello['thread'], peers[1].hello['thread'])
            from server import request_frame

            for peer in peers:
                peer.send(request_frame(QUERY_STRING='both.wait()+1 and 7'))
            self.assertEqual([peer.answer().body for peer in peers], [b'7', b'7'])
            peers[0].close()
            self.assertEqual(self.ask(peers[1], '8'), 8)

    def test_the_process_ends_with_its_last_connection_and_runs_exit_handlers(self):
        source = APP + 'import atexit\natexit.register(print, "at exit")\n'
        for threads in (1, 2):
            with Server(source, threads=threads) as server:
                for peer in [server.accept() for _ in range(threads)]:
                    peer.close()
                self.assertEqual(server.status(), 0)
                self.assertEqual(server.said(), 'at exit\n')

    def test_a_thread_of_the_application_does_not_hold_the_end_up_for_long(self):
        with Server(APP + 'import time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\n') as server:
            server.accept().close()
            self.assertEqual(server.status(), 0)

    def test_term_ends_it_at_once_and_int_does_not(self):
        with Server(APP) as server:
            peer = server.accept()
            os.kill(server.process.pid, signal.SIGINT)
            self.assertEqual(self.ask(peer, '1'), 1)
            os.kill(server.process.pid, signal.SIGTERM)
            self.assertEqual(server.status(), -signal.SIGTERM)

    def test_what_is_printed_goes_out_line_by_line(self):
        with Server(APP) as server:
            peer = server.accept()
            self.ask(peer, 'print("a", "b")')
            self.assertEqual(server.said(), 'a b\n')
            self.ask(peer, 'print("\\udc80")')
            self.assertIn('\\udc80', server.said())

    def test_a_child_that_the_application_forks_does_not_answer(self):
        source = '''
import os, sys
def app(environ, start_response):
    pid = os.fork()
    if pid == 0 and environ['QUERY_STRING'] == 'exit':
        sys.exit(5)
    if pid == 0 and environ['QUERY_STRING'] == 'raise':
        raise ValueError
    start_response('200 OK', [])
    if pid == 0:
        return [b'child']
    return [str(os.waitpid(pid, 0)[1] >> 8).encode()]
'''
        with Server(source) as server:
            peer = server.accept()
            self.assertEqual(peer.ask(QUERY_STRING='exit').body, b'5')
            self.assertEqual(peer.ask(QUERY_STRING='raise').body, b'1')
            self.assertEqual(peer.ask(QUERY_STRING='').body, b'0')

    def test_a_default_timeout_of_sockets_is_not_ours(self):
        with Server('import socket\nsocket.setdefaulttimeout(0.05)\n' + APP) as server:
            peer = server.accept()
            time.sleep(0.3)
            self.assertEqual(self.ask(peer, '1'), 1)


class Reload(unittest.TestCase):
    def test_the_files_that_are_loaded_are_told(self):
        source = 'import json, inner\n' + APP
        with Server(source, files={'inner.py': '', 'later.py': ''}, reload=True) as server:
            peer = server.accept()
            kind, content = peer.frame()
            names = [os.path.realpath(os.path.join(server.site, name)) for name in ('app.py', 'inner.py', 'later.py')]
            self.assertEqual((kind, [os.path.realpath(name) for name in json.loads(content.decode())]), ('F', names[:2]))
            self.assertEqual(peer.ask(QUERY_STRING='1').kinds, 'OZ')
            answer = peer.ask(QUERY_STRING='__import__("later") and 1')
            self.assertEqual(answer.kinds, 'FOZ')
            self.assertEqual(json.loads(answer.frames[0][1].decode()), [os.path.join(server.site, 'later.py')])


class Preload(unittest.TestCase):
    def reports(self, peer, kind):
        got = peer.frame()
        self.assertEqual(got[0], kind)
        return json.loads(got[1].decode())

    def test_workers_are_forked_on_command_and_their_ends_are_told(self):
        with Server(APP + 'loaded_in = os.getpid()\n', preload=True, threads=2) as server:
            zygote = server.accept()
            self.assertEqual((zygote.hello['preload'], zygote.hello['pid']), (True, server.process.pid))
            zygote.send(frame('P') + frame('P'))
            pids = [self.reports(zygote, 'P')['pid'] for _ in range(2)]
            peers = [server.accept() for _ in range(4)]
            self.assertEqual(sorted({peer.hello['pid'] for peer in peers}), sorted(pids))
            self.assertEqual({'preload' in peer.hello for peer in peers}, {False})
            expression = '(loaded_in, os.getpid() == os.getpgid(0), os.getppid())'
            self.assertEqual(
                eval(peers[0].ask(QUERY_STRING=expression).body.decode()), (server.process.pid, True, server.process.pid)
            )
            first = peers[0].hello['pid']
            for peer in peers:
                if peer.hello['pid'] == first:
                    peer.close()
            told = self.reports(zygote, 'G')
            self.assertEqual((told['pid'], told['status']), (first, 0))
            self.assertGreater(told['maxRssBytes'], 1 << 20)
            self.assertGreater(told['cpuMicroseconds'], 0)
            other = [pid for pid in pids if pid != first][0]
            os.kill(other, signal.SIGKILL)
            told = self.reports(zygote, 'G')
            self.assertEqual((told['pid'], told['status']), (other, signal.SIGKILL))

    def test_when_its_connection_ends_the_process_ends_and_its_workers_do_not(self):
        with Server(APP, preload=True) as server:
            zygote = server.accept()
            zygote.send(frame('P'))
            self.reports(zygote, 'P')
            peer = server.accept()
            zygote.close()
            self.assertEqual(server.status(), 0)
            self.assertEqual(peer.ask(QUERY_STRING='6').body, b'6')

    def test_threads_that_workers_will_not_have_are_told(self):
        source = APP + 'import time\nthreading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n'
        with Server(source, preload=True) as server:
            server.accept()
            server.wait_said('the application started 1 thread(s) while it was loaded')


class Syntax(unittest.TestCase):
    def test_it_is_that_of_python_3_8(self):
        folder = os.path.dirname(MAIN)
        files = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names if name.endswith('.py')]
        self.assertGreater(len(files), 10)
        for path in files:
            with open(path, encoding='utf-8') as file:
                ast.parse(file.read(), path, feature_version=(3, 8))


if __name__ == '__main__':
    unittest.main()
