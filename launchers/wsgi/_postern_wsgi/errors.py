"""wsgi.errors: a text stream whose lines become `E` frames of the request that is under way, else go to sys.stderr."""

import sys
from collections import deque

MOST_PIECES = 1000
LARGEST_PIECE = 65536
# Another thread that has the connection may be held up by a client; and a signal's handler may have interrupted ourselves.
LOCK_SECONDS = 1


class Errors:
    encoding = 'utf-8'
    errors = 'backslashreplace'
    closed = False

    def __init__(self):
        self.connection = None
        # Appending and taking are whole by themselves: no lock, in which an interrupted thread would stay.
        self.pieces = deque()

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError('wsgi.errors.write() takes a str, not %s' % type(text).__name__)
        self.pieces.append(text)
        if text.endswith('\n') or len(text) > LARGEST_PIECE or len(self.pieces) > MOST_PIECES:
            self.flush()
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        connection = self.connection
        if connection is None or connection.is_gone:
            return self.flush_to_stderr()
        if not self.pieces:
            return
        if not connection.lock.acquire(timeout=LOCK_SECONDS):
            return  # It goes out with what is written next, or with the answer's end.
        try:
            if self.connection is not connection:
                return  # The request has ended meanwhile.
            data = self.taken().encode('utf-8', 'backslashreplace')
            for at in range(0, len(data), LARGEST_PIECE):
                part = data[at : at + LARGEST_PIECE]
                connection.sendall(b'E' + len(part).to_bytes(4, 'big') + part)
        except OSError:
            connection.is_gone = True
        finally:
            connection.lock.release()

    def flush_to_stderr(self):
        try:
            sys.stderr.write(self.taken())
            sys.stderr.flush()
        except Exception:
            pass  # There is nowhere else to say it.

    def taken(self):
        taken = []
        try:
            while True:
                taken.append(self.pieces.popleft())
        except IndexError:
            return ''.join(taken)

    def end(self):
        """Of the request."""
        self.connection = None
        if self.pieces:
            self.flush_to_stderr()

    def writable(self):
        return True

    def readable(self):
        return False

    def seekable(self):
        return False

    def isatty(self):
        return False

    def close(self):
        """PEP 3333 gives it none; a wrapper that is thrown away may try."""
