"""Plays the server: a Unix socket, a worker that dials in, and the frames of launchers/wsgi/README.md."""

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
import time

MAIN = os.path.abspath(os.path.join(os.path.dirname(__file__), '../../../launchers/wsgi/main.py'))
SECONDS = 60

VARIABLES = {
    'GATEWAY_INTERFACE': 'CGI/1.1',
    'REQUEST_METHOD': 'GET',
    'SCRIPT_NAME': '',
    'PATH_INFO': '/',
    'QUERY_STRING': '',
    'SERVER_NAME': 'localhost',
    'SERVER_PORT': '80',
    'SERVER_PROTOCOL': 'HTTP/1.1',
    'SERVER_SOFTWARE': 'test',
    'REMOTE_ADDR': '127.0.0.1',
    'HTTP_HOST': 'localhost',
}


def frame(kind, content=b''):
    return kind.encode() + struct.pack('>I', len(content)) + content


def request_frame(mode='0', **variables):
    pairs = {**VARIABLES, **variables}
    content = ''.join('%s\0%s\0' % pair for pair in pairs.items()).encode('latin-1')
    return frame('Q', mode.encode() + content)


class Answer:
    """What came for one request."""

    def __init__(self):
        self.frames = []
        self.end = None

    @property
    def output(self):
        return b''.join(content for kind, content in self.frames if kind == 'O')

    @property
    def head(self):
        return self.output.partition(b'\r\n\r\n')[0].decode('latin-1').split('\r\n')

    @property
    def body(self):
        return self.output.partition(b'\r\n\r\n')[2]

    @property
    def errors(self):
        return b''.join(content for kind, content in self.frames if kind == 'E').decode()

    @property
    def exception(self):
        return json.loads(self.end[1:])['exception']

    @property
    def kinds(self):
        return ''.join(kind for kind, _ in self.frames)


class Peer:
    """The server's end of one connection."""

    def __init__(self, connection):
        connection.settimeout(SECONDS)
        self.socket = connection
        self.pending = b''
        self.hello = None

    def send(self, data):
        self.socket.sendall(data)

    def frame(self):
        """(kind, content); None at the connection's end."""
        while len(self.pending) < 5 or len(self.pending) < 5 + struct.unpack('>I', self.pending[1:5])[0]:
            more = self.socket.recv(1 << 20)
            if not more:
                assert not self.pending, self.pending[:100]
                return None
            self.pending += more
        end = 5 + struct.unpack('>I', self.pending[1:5])[0]
        kind, content, self.pending = self.pending[:1].decode(), self.pending[5:end], self.pending[end:]
        assert kind != 'O' or len(content) <= 1 << 20
        return kind, content

    def answer(self, body=()):
        """Reads to `Z`; on `R` sends the parts of the body (None: it breaks off) and its end."""
        answer = Answer()
        while answer.end is None:
            got = self.frame()
            if got is None:
                raise EOFError('the worker has closed the connection after %r' % answer.frames)
            answer.frames.append(got)
            kind, content = got
            if kind == 'R':
                for part in body:
                    self.send(frame('B', part) if part is not None else frame('X'))
                if None not in body:
                    self.send(frame('B'))
            elif kind == 'Z':
                answer.end = content.decode()
        return answer

    def ask(self, body=None, parts=None, **variables):
        """One request. `body`: whole; `parts`: streamed."""
        if parts is not None:
            self.send(request_frame('2', **variables))
            return self.answer(parts)
        if body is not None:
            self.send(request_frame('1', CONTENT_LENGTH=str(len(body)), **variables) + frame('B', body))
        else:
            self.send(request_frame('0', **variables))
        return self.answer()

    def close(self):
        self.socket.close()


class Server:
    """With a worker of the application in `source` (a module `app`)."""

    def __init__(self, source='', application='app:app', files=None, environment=None, arguments=(), **settings):
        self.stack = contextlib.ExitStack()
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.listener = self.stack.enter_context(socket.socket(socket.AF_UNIX))
        self.site = os.path.join(self.folder, 'site')
        os.mkdir(self.site)
        for name, text in {'app.py': source, **(files or {})}.items():
            path = os.path.join(self.site, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(textwrap.dedent(text))
        self.path = os.path.join(self.folder, 'socket')
        self.listener.bind(self.path)
        self.listener.listen(16)
        self.listener.settimeout(SECONDS)
        self.log = self.stack.enter_context(open(os.path.join(self.folder, 'log'), 'w+b'))
        all_settings = {'application': application, 'folder': self.site, 'threads': 1, 'processes': False, **settings}
        self.process = subprocess.Popen(
            [sys.executable, '-B', '-u', *arguments, MAIN, self.path],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, 'POSTERN_APPLICATION': json.dumps(all_settings), **(environment or {})},
        )
        self.peers = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for peer in self.peers:
            peer.close()
        self.listener.close()
        try:
            self.process.wait(timeout=SECONDS)
        finally:
            self.process.kill()
            self.process.wait()
            self.stack.close()

    def accept(self):
        self.listener.settimeout(0.1)
        ends = time.monotonic() + SECONDS
        while True:
            try:
                peer = Peer(self.listener.accept()[0])
                break
            except socket.timeout:
                if self.process.poll() is not None or time.monotonic() > ends:
                    raise AssertionError('no worker: %s' % self.said()) from None
        self.peers.append(peer)
        kind, content = peer.frame()
        assert kind == 'H', kind
        peer.hello = json.loads(content.decode())
        return peer

    def status(self):
        return self.process.wait(timeout=SECONDS)

    def said(self):
        with open(self.log.name, encoding='utf-8') as file:
            return file.read()

    def wait_said(self, text):
        ends = time.monotonic() + SECONDS
        while text not in self.said():
            assert time.monotonic() < ends, self.said()
            time.sleep(0.01)
