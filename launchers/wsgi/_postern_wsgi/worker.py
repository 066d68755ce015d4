"""A thread of the worker: it dials in, and answers the requests of its connection, one after another."""

import io
import json
import os
import sys
import threading

from . import trace
from .answer import Answer
from .body import StreamedBody
from .connection import HEADER, Connection, Forked
from .environ import constants, environ_of
from .errors import Errors
from .file_wrapper import FileWrapper
from .head import named

NO_BODY, WHOLE_BODY = b'01'
LANGUAGE = 'Python ' + '.'.join(map(str, sys.version_info[:3]))


def hello(**more):
    thread = '0x%016x' % threading.get_ident()  # as faulthandler writes it
    return json.dumps({'pid': os.getpid(), 'thread': thread, 'language': LANGUAGE, **more}).encode()


class Worker:
    def __init__(self, path, application, is_threaded, is_multiple, files):
        self.path = path
        self.application = application
        self.constants = constants(is_threaded, is_multiple, FileWrapper)
        self.files = files
        self.errors = Errors()
        self.connection = None
        self.is_forked = False

    def serve(self):
        """Returns when the server has closed the connection between two requests, or is not there any more."""
        os.register_at_fork(after_in_child=self.forked)
        while self.dial():
            try:
                while True:
                    frame = self.connection.frame()
                    if frame is None:
                        return
                    if not self.take(*frame):
                        break
            except OSError:
                pass  # The server has gone away within a request: it does not want the answer.
            finally:
                self.connection.close()

    def dial(self):
        try:
            self.connection = Connection(self.path)
            self.connection.send_frame(b'H', hello())
            self.tell_files()
        except OSError:
            return False
        return True

    def forked(self):
        """In a child process of the application's own making."""
        self.is_forked = True
        if self.connection is not None:
            self.connection.forget()

    def take(self, kind, content):
        """False where the connection has ended."""
        if kind != b'Q':
            sys.stderr.write('postern: the server sent a frame %r where a request was due\n' % kind)
            return False
        connection = self.connection
        environ = environ_of(content, self.constants, self.errors)
        mode = content[0]
        if mode == NO_BODY:
            body = io.BytesIO()
        elif mode == WHOLE_BODY:
            body = io.BytesIO(connection.frame()[1])
        else:
            body = StreamedBody(connection)
        environ['wsgi.input'] = body
        self.errors.connection = connection
        try:
            self.respond(environ, Answer(connection, self.errors, environ.get('REQUEST_METHOD') == 'HEAD'))
        finally:
            self.errors.end()
        if mode > WHOLE_BODY and not connection.is_gone:
            body.drain()
        return not connection.is_gone

    def respond(self, environ, answer):
        result = None
        try:
            result = self.application(environ, answer.start_response)
            if self.files is not None:
                self.tell_files()
            if result.__class__ is list or result.__class__ is tuple:
                return answer.send_whole(result)
            check_iterable(result)
            answer.send_each(result)
        except BaseException as error:
            failure = error
        else:
            failure = None
        if self.is_forked:
            leave(failure)
        answer.is_over = True
        close(result, answer)
        self.finish(answer, failure)
        failure = None  # A circle, else.

    def finish(self, answer, failure):
        connection = self.connection
        if connection.is_gone:
            if failure is not None and not isinstance(failure, OSError):
                self.errors.write(trace.text_of(failure))
            return
        try:
            if self.files is not None:
                self.tell_files()
            if failure is None:
                return answer.end()
            self.errors.write(trace.text_of(failure))
            self.errors.flush()
            kind = b'2' if answer.is_head_sent else b'1'
            content = kind + json.dumps({'exception': trace.summary_of(failure)}).encode()
            answer.send_end(HEADER.pack(b'Z', len(content)) + content)
        except OSError:
            connection.is_gone = True

    def tell_files(self):
        if self.files is not None:
            paths = self.files.new()
            if paths:
                self.connection.send_frame(b'F', json.dumps(paths).encode())


def leave(failure):
    """In a child process, which has come back from the application: nothing but its end may follow."""
    status = 0
    if isinstance(failure, SystemExit):
        status = failure.code if isinstance(failure.code, int) else 0 if failure.code is None else 1
    elif failure is not None and not isinstance(failure, Forked):
        sys.stderr.write(trace.text_of(failure))
        status = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status & 0xFF)


def check_iterable(result):
    if isinstance(result, (bytes, str)):
        raise TypeError('the application must return an iterable of bytes, such as [body], not %s itself' % named(result))
    if result is None:
        raise TypeError('the application returned None, and not an iterable of bytes: is a `return` missing?')


def close(result, answer):
    """PEP 3333: always, once, however the request went."""
    try:
        if hasattr(result, 'close'):
            result.close()
    except BaseException as error:
        answer.errors.write(trace.text_of(error))
