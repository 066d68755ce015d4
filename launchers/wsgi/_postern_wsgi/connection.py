"""A connection to the server: frames in, frames out. README.md, "Frames"."""

import socket
import struct
import threading

HEADER = struct.Struct('>cI')
LARGEST_CONTENT = 1024 * 1024
# Up to here it is cheaper to copy a chunk behind its header than to hand the system two pieces.
COPIED = 32768
RECEIVED = 65536
BROKE_OFF = 'the request body broke off'


class Closed(OSError):
    """The server has closed the connection, in the middle of something."""


class Forked(BaseException):
    """In a process that the application has forked within a request: the answer is its parent's to send."""


class Connection:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.socket.settimeout(None)  # Whatever the application has made the default.
            self.socket.connect(path)
        except BaseException:
            self.socket.close()
            raise
        self.recv = self.socket.recv
        self.sendall = self.socket.sendall
        self.sendmsg = self.socket.sendmsg
        self.kept = b''
        self.is_gone = False
        # Any thread of the application may write to wsgi.errors at any time; frames do not run into each other.
        self.lock = threading.Lock()

    def close(self):
        self.is_gone = True
        self.socket.close()

    def forget(self):
        """In a child process."""
        self.lock = threading.Lock()
        self.sendall = self.sendmsg = refuse
        self.close()

    def frame(self):
        """(kind, content) of the next frame; None where the server has closed the connection before it."""
        data = self.kept or self.recv(RECEIVED)
        while len(data) < 5:
            more = self.recv(RECEIVED) if data else b''
            if not more:
                return self.ended(data)
            data += more
        kind, length = HEADER.unpack_from(data)
        end = 5 + length
        if len(data) == end:
            self.kept = b''
            return kind, data[5:]
        if len(data) > end:
            self.kept = data[end:]
            return kind, data[5:end]
        self.kept = data[5:]
        return kind, self.exactly(length)

    def ended(self, data):
        self.is_gone = True
        if data:
            raise Closed('the server closed the connection within a frame')
        return None

    def header(self):
        """(kind, length) of the next frame, whose content is to be taken with `some` or `exactly`."""
        return HEADER.unpack(self.exactly(5))

    def exactly(self, size):
        parts = []
        while size > 0:
            part = self.some(min(size, LARGEST_CONTENT), socket.MSG_WAITALL)
            parts.append(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b''.join(parts)

    def some(self, most, flags=0):
        """At most so many bytes, at least one."""
        if self.kept:
            part, self.kept = self.kept[:most], self.kept[most:]
            return part
        part = self.recv(most, flags)
        if not part:
            self.is_gone = True
            raise Closed(BROKE_OFF)
        return part

    def send(self, data):
        try:
            with self.lock:
                self.sendall(data)
        except BaseException:
            self.is_gone = True
            raise

    def send_frame(self, kind, content):
        """Of any size, in as many frames as it takes."""
        if len(content) <= COPIED:
            return self.send(HEADER.pack(kind, len(content)) + content)
        view = memoryview(content)
        for at in range(0, len(content), LARGEST_CONTENT):
            part = view[at : at + LARGEST_CONTENT]
            self.send_parts([HEADER.pack(kind, len(part)), part])

    def send_parts(self, parts):
        try:
            with self.lock:
                sent = self.sendmsg(parts)
                for part in parts:
                    if sent < len(part):
                        self.sendall(memoryview(part)[sent:])
                    sent = max(0, sent - len(part))
        except BaseException:
            self.is_gone = True
            raise


def refuse(data):
    raise Forked
