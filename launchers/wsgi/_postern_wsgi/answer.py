"""One answer: start_response(), write(), and what the application returns (PEP 3333, "Specification Details")."""

import os

from . import file_wrapper
from .connection import COPIED, HEADER, LARGEST_CONTENT
from .head import encoded, named

WHOLE = b'Z\0\0\0\x010'
ALL_SENT = b'D\0\0\0\0'


class Answer:
    def __init__(self, connection, errors, is_head):
        self.connection = connection
        self.errors = errors
        self.is_head = is_head
        self.head = None
        self.length = None
        self.has_no_body = is_head
        self.is_head_sent = False
        self.sent = 0
        self.is_over = False

    def start_response(self, status, headers, exc_info=None):
        if exc_info:
            try:
                if self.is_head_sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None  # A circle, else.
        elif self.head is not None:
            raise AssertionError('start_response() was called a second time, without exc_info')
        self.head, self.length, has_no_body = encoded(status, headers, self.errors)
        self.has_no_body = has_no_body or self.is_head
        return self.write

    def write(self, data):
        if not isinstance(data, bytes):
            raise TypeError('write() takes bytes, not %s' % named(data))
        if self.is_over:
            raise OSError('write() was called after the answer had ended')
        if data:  # Nothing begins no answer: its head may still be replaced.
            self.send(data)
        if self.is_over:
            raise OSError('write() was called with more than Content-Length')

    def send_whole(self, chunks):
        """A list or tuple: there is nothing that could come later, so all of it, and the end, goes out at once."""
        for chunk in chunks:
            if chunk.__class__ is not bytes:
                check_chunk(chunk)
        body = chunks[0] if len(chunks) == 1 else b''.join(chunks)
        if self.is_head_sent:
            self.send(body)
            return self.end()
        self.check_started()
        head = self.head
        if self.has_no_body:
            body = b''
        elif self.length is None:
            head += b'Content-Length: %d\r\n' % len(body)
        elif self.length < len(body):
            body = self.cut(body)
        if len(body) > COPIED:
            self.head, self.length = head, None
            self.send(body)
            return self.end()
        self.is_head_sent = True
        self.end(HEADER.pack(b'O', len(head) + 2 + len(body)) + head + b'\r\n' + body)

    def send_each(self, chunks):
        if isinstance(chunks, file_wrapper.FileWrapper) and not self.has_no_body:
            self.check_started()
            region = file_wrapper.region_of(chunks.filelike)
            if region is not None:
                return self.send_file(*region)
        is_one = not self.is_head_sent and has_one(chunks)
        if self.head is None or not self.has_no_body:
            for chunk in chunks:
                if chunk.__class__ is not bytes:
                    check_chunk(chunk)
                if chunk:
                    if is_one and self.head is not None and self.length is None and not self.has_no_body:
                        self.length = len(chunk)
                        self.head += b'Content-Length: %d\r\n' % self.length
                    if not self.send(chunk):
                        break
                elif self.has_no_body and self.head is not None:
                    break
        if not self.is_head_sent:
            self.send(b'')

    def send(self, data):
        """False where no more is wanted."""
        head = b''
        if not self.is_head_sent:
            self.check_started()
            head = self.head + b'\r\n'
            if self.has_no_body:
                data = b''
            self.is_head_sent = True
        elif self.has_no_body:
            return False
        if self.length is not None and self.sent + len(data) > self.length:
            data = self.cut(data)
        self.sent += len(data)
        if len(data) <= COPIED:
            if head or data:
                # Whoever waits for the answer need not wait for close().
                rest = ALL_SENT if self.sent == self.length and not self.has_no_body else b''
                self.connection.send(HEADER.pack(b'O', len(head) + len(data)) + head + data + rest)
        else:
            if head:
                self.connection.send(HEADER.pack(b'O', len(head)) + head)
            self.connection.send_frame(b'O', data)
        return not self.has_no_body and not self.is_over

    def cut(self, data):
        """Security: what goes beyond Content-Length would be the beginning of the next answer (CWE-444)."""
        self.errors.write('postern: the application sent more than its Content-Length of %d; the rest is cut\n' % self.length)
        self.is_over = True
        return data[: self.length - self.sent]

    def send_file(self, descriptor, at, left):
        if self.is_head_sent:
            head = b''
        else:
            head = self.head + (b'Content-Length: %d\r\n\r\n' % left if self.length is None else b'\r\n')
            self.is_head_sent = True
        if self.length is not None:
            left = min(left, self.length - self.sent)
        connection = self.connection
        if head:
            connection.send(HEADER.pack(b'O', len(head)) + head)
        with connection.lock:
            try:
                while left > 0:
                    size = min(left, LARGEST_CONTENT)
                    connection.sendall(HEADER.pack(b'O', size))
                    left -= size
                    while size > 0:
                        sent = os.sendfile(connection.socket.fileno(), descriptor, at, size)
                        if sent == 0:
                            raise OSError('the file became shorter while it was sent')
                        at += sent
                        size -= sent
            except BaseException:
                connection.is_gone = True  # In the middle of a frame: there is no way on.
                raise

    def check_started(self):
        if self.head is None:
            raise AssertionError('the application has not called start_response()')

    def end(self, before=b''):
        if self.errors.pieces:
            self.errors.flush()
        self.is_over = True
        self.send_end(before + WHOLE)

    def send_end(self, data):
        """What another thread writes to wsgi.errors after this belongs to no request."""
        connection = self.connection
        try:
            with connection.lock:
                self.errors.connection = None
                connection.sendall(data)
        except BaseException:
            connection.is_gone = True
            raise


def has_one(chunks):
    try:
        return len(chunks) == 1
    except Exception:
        return False


def check_chunk(chunk):
    if not isinstance(chunk, bytes):
        hint = '; encode it' if isinstance(chunk, str) else ''
        raise TypeError('the application must yield bytes, not %s%s' % (named(chunk), hint))
