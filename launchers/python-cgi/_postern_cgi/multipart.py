"""Reads a multipart body part by part (RFC 2046 5.1, RFC 7578), never more of it than a block at a time.

A delimiter is sought with one `find` for each block, and what cannot be one is never looked at twice: the time that a
body takes is in proportion to its size, whatever is in it. Nothing here decides what a field is; see `cgi`.
"""

from .limit import exceeded

BLOCK = 65536
# White space that may follow a boundary on its line (RFC 2046: "transport padding").
_PADDING = 1024

_NO, _MORE, _NEXT, _LAST, _END = "no", "more", "next", "last", "end"


class Source:
    """The bytes of a file object, up to a limit. Without one, never read further than a line: a pipe may stay open."""

    def __init__(self, fp, limit=None):
        self._fp = fp
        self._left = limit
        self.bytes_read = 0

    def read(self):
        """Some more bytes; none at the end."""
        if self._left is None:
            data = self._fp.readline(BLOCK)
        else:
            data = self._fp.read(min(BLOCK, self._left)) if self._left > 0 else b""
        if not isinstance(data, bytes):
            raise ValueError("%r should return bytes, got %s" % (self._fp, type(data).__name__))
        if self._left is not None:
            self._left -= len(data)
        self.bytes_read += len(data)
        return data


class Part:
    """The content of one part, as a source of bytes. How it ended is known when it has been read."""

    def __init__(self, reader, depth, budget):
        self._reader = reader
        self.depth = depth
        self.budget = budget
        self.bytes_read = 0

    def read(self):
        data = self._reader.read_content()
        self.bytes_read += len(data)
        return data

    @property
    def done(self):
        """0: another part follows; 1: it was the last one; -1: the body was cut off."""
        return {_NEXT: 0, _LAST: 1, _END: -1}[self._reader.state]


def part_until(source, boundary, budget):
    """What precedes the next delimiter, as one part."""
    reader = MultipartReader(source, boundary)
    reader.begin_content()
    return Part(reader, 0, budget)


def read_small(source, most):
    """All bytes of what is to be text in memory."""
    pieces, size = [], 0
    for data in iter(source.read, b""):
        size += len(data)
        if size > most:
            raise exceeded("A field that is no file is longer than %d bytes", most, "cgi.max_field_bytes")
        pieces.append(data)
    return b"".join(pieces)


class MultipartReader:
    """A walk over the parts of one body. `source.read()` gives its bytes, and none at its end."""

    def __init__(self, source, boundary):
        self._source = source
        self._marker = b"\n--" + boundary
        # As if a line had ended before, for a delimiter may stand at the very beginning.
        self._buffer = b"\n"
        self._at = 0
        self._ended = False
        # The line end before a part's content belongs to its head; it is kept for the search alone.
        self._skip = 0
        self.state = None

    def begin_content(self):
        """Take what comes for a part's content, without a head. It is no part of it that a line seems to end before."""
        self._skip = 1

    def find_first(self):
        """Skip the preamble. Whether a part follows."""
        while self.state != _NEXT:
            if not self._next_piece() and self.state == _END:
                return False
        return True

    def read_head(self, most, longest):
        """The lines of a part's head as bytes, `most` of them together, `longest` a line; None: the body has ended."""
        size, lines = 0, []
        self._skip = 0
        while True:
            line = self._read_line(longest)
            if not line:
                if lines:
                    break
                self.state = _END
                return None
            size += len(line)
            if size > most:
                raise exceeded("The head of a part is longer than %d bytes", most, "cgi.max_part_header_bytes")
            if not line.strip():
                break
            lines.append(line)
        self._keep_line_end()
        self.state = None
        return b"".join(lines)

    def read_content(self):
        """Some bytes of the content of the part whose head was read last; none at its end."""
        while self.state is None:
            piece = self._next_piece()
            if piece:
                return piece
        return b""

    def _next_piece(self):
        """The next bytes that are no delimiter. At a delimiter `state` says which, and what precedes it is whole."""
        self.state = None
        start = self._at
        found, kind, end = start - 1, _NO, 0
        while kind == _NO:
            found = self._buffer.find(self._marker, found + 1)
            kind, end = self._judge(found) if found >= 0 else (_MORE, 0)
        if kind == _MORE:
            return self._piece_before(found)
        self.state = kind
        self._at = end
        return self._take(start, self._without_carriage_return(start, found))

    def _piece_before(self, found):
        """What is surely content, after more has been read where nothing is."""
        start = self._at
        # A delimiter may have begun in the last bytes, with the carriage return of its line end.
        keep = found if found >= 0 else len(self._buffer) - len(self._marker)
        sure = max(start, keep - 1)
        if self._ended:
            self.state = _END
            self._at = len(self._buffer)
            return self._take(start, self._without_line_end(start))
        self._at = sure
        piece = self._take(start, sure)
        if not piece:
            self._fill()
        return piece

    def _judge(self, found):
        """What the line is that begins with the marker: a delimiter, the last one, none, or not whole yet."""
        after = found + len(self._marker)
        end = self._buffer.find(b"\n", after, after + _PADDING)
        if end < 0:
            if len(self._buffer) - after >= _PADDING:
                return _NO, 0
            if not self._ended:
                return _MORE, 0
            end = len(self._buffer)
        rest = self._buffer[after:end].rstrip()
        kind = {b"": _NEXT, b"--": _LAST}.get(rest, _NO)
        return kind, end + 1

    def _take(self, start, end):
        piece = self._buffer[start + self._skip : end]
        if end > start:
            self._skip = 0
        return piece

    def _without_carriage_return(self, start, end):
        has_one = end > start + self._skip and self._buffer[end - 1 : end] == b"\r"
        return end - 1 if has_one else end

    def _without_line_end(self, start):
        """At the end of a body that was cut off, the last line end is taken for one of a delimiter's."""
        end = len(self._buffer)
        if end > start + self._skip and self._buffer[end - 1 : end] == b"\n":
            end -= 1
        return self._without_carriage_return(start, end)

    def _fill(self):
        data = self._source.read()
        if data:
            self._buffer = self._buffer[self._at :] + data
            self._at = 0
        else:
            self._ended = True

    def _read_line(self, longest):
        seen = 0
        while True:
            end = self._buffer.find(b"\n", self._at + seen)
            if end >= 0 or self._ended:
                break
            seen = len(self._buffer) - self._at
            if seen > longest:
                break
            self._fill()
        end = len(self._buffer) if end < 0 else end + 1
        line = self._buffer[self._at : end]
        if len(line) > longest:
            raise exceeded("A line in the head of a part is longer than %d bytes", longest, "cgi.max_header_line_bytes")
        self._at = end
        return line

    def _keep_line_end(self):
        if self._at > 0 and self._buffer[self._at - 1 : self._at] == b"\n":
            self._at -= 1
            self._skip = 1
