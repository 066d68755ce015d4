"""wsgi.input of a body that is streamed (PEP 3333, "Input and Error Streams"). A body that came whole is a BytesIO."""

from socket import MSG_WAITALL

from .connection import BROKE_OFF, LARGEST_CONTENT, Closed

UNASKED, UNDER_WAY, ENDED, BROKEN = range(4)
LINES = 65536
LARGEST_LINE = 1 << 62



class StreamedBody:
    closed = False

    def __init__(self, connection):
        self.connection = connection
        self.state = UNASKED
        self.left = 0  # of the frame that is being read
        self.ahead = b''  # taken from the connection, for lines
        self.at = 0

    def read(self, size=-1):
        if size is None or size < 0:
            parts = list(iter(self.part, b''))
        else:
            parts = []
            while size > 0:
                part = self.part(size, True)
                if not part:
                    break
                parts.append(part)
                size -= len(part)
        return parts[0] if len(parts) == 1 else b''.join(parts)

    def read1(self, size=-1):
        return self.part(LINES if size is None or size < 0 else size) if size != 0 else b''

    def readinto(self, buffer):
        with memoryview(buffer).cast('B') as view:
            data = self.read(len(view))
            view[: len(data)] = data
        return len(data)

    def readline(self, size=-1):
        left = LARGEST_LINE if size is None or size < 0 else size
        parts = []
        while left > 0:
            if self.at >= len(self.ahead):
                self.ahead, self.at = self.received(LINES), 0
                if not self.ahead:
                    break
            end = self.ahead.find(b'\n', self.at, self.at + left) + 1
            part = self.ahead[self.at : end or self.at + left]
            self.at += len(part)
            left -= len(part)
            parts.append(part)
            if end:
                break
        return b''.join(parts)

    def readlines(self, hint=-1):
        lines, size = [], 0
        for line in self:
            lines.append(line)
            size += len(line)
            if hint is not None and 0 < hint <= size:
                break
        return lines

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def part(self, most=LARGEST_CONTENT, is_filled=False):
        if self.at < len(self.ahead):
            part = self.ahead[self.at : self.at + most]
            self.at += len(part)
            return part
        return self.received(most, MSG_WAITALL if is_filled else 0)

    def received(self, most, flags=0):
        """At most so many bytes from the connection; none at the body's end."""
        if self.left == 0:
            if self.state == ENDED:
                return b''
            self.next_frame()
            if self.state == ENDED:
                return b''
        try:
            part = self.connection.some(min(most, self.left, LARGEST_CONTENT), flags)
        except OSError:
            self.state, self.left = BROKEN, 0
            raise Closed(BROKE_OFF) from None
        self.left -= len(part)
        return part

    def next_frame(self):
        if self.state == BROKEN:
            raise OSError(BROKE_OFF)
        try:
            if self.state == UNASKED:
                self.state = UNDER_WAY
                self.connection.send(b'R\0\0\0\0')
            kind, self.left = self.connection.header()
        except OSError:
            self.state = BROKEN
            raise Closed(BROKE_OFF) from None
        if kind == b'X':
            self.state = BROKEN
            raise OSError(BROKE_OFF)
        if kind != b'B':
            self.state, self.connection.is_gone = BROKEN, True
            raise Closed('the server sent a frame %r within a request body' % kind)
        if self.left == 0:
            self.state = ENDED

    def drain(self):
        """After the answer: what is left of a body that was asked for."""
        if self.state == UNASKED:
            self.state = BROKEN  # Nobody would hear of it.
        try:
            while self.state == UNDER_WAY:
                self.received(LARGEST_CONTENT)
        except OSError:
            pass

    def readable(self):
        return True

    def writable(self):
        return False

    def seekable(self):
        return False

    def flush(self):
        """For TextIOWrapper."""

    def close(self):
        """PEP 3333 gives it none; a wrapper that is thrown away may try."""
