"""Support for CGI scripts: forms, uploads, and pages that show what a script was told.

A stand-in for the module `cgi` that Python had until 3.12, written from its documentation; part of Postern. What the
old one left unbounded is bounded here. A limit is a name of this module, and a script that needs more sets it before it
reads its form, as in `cgi.max_fields = 5000`. What passes a limit raises ValueError, which names it:

maxlen                 bytes of a request's body; 0, the default, is no limit
max_fields             fields of a form, those of the query included (1000); the argument max_num_fields goes before it
max_parts              parts of a multipart body, nested ones included (1000)
max_depth              multipart bodies within each other (3)
max_field_bytes        bytes of a field that is no file, and of a whole urlencoded form (16 MiB)
max_part_header_bytes  bytes of the head of a part (16 KiB)
max_header_line_bytes  bytes of a line in it (8 KiB)
max_boundary_bytes     bytes of a boundary (200)
memory_bytes           bytes of a part kept in memory (1000); a larger one goes to a temporary file, and is no error
"""

import os
import sys
from io import BytesIO, StringIO, TextIOWrapper

from _postern_cgi.form import Form as _Form
from _postern_cgi.form import MiniFieldStorage
from _postern_cgi.form import parse_urlencoded as _parse_urlencoded
from _postern_cgi.header import filename_of as _filename_of
from _postern_cgi.header import parse_header
from _postern_cgi.header import valid_boundary as _valid_boundary
from _postern_cgi.limit import Budget as _Budget
from _postern_cgi.limit import exceeded as _exceeded
from _postern_cgi.multipart import MultipartReader as _MultipartReader
from _postern_cgi.multipart import Part as _Part
from _postern_cgi.multipart import Source as _Source
from _postern_cgi.multipart import read_small as _read_small
from _postern_cgi.multipart import part_until as _part_until
from _postern_cgi.pages import (
    print_arguments,
    print_directory,
    print_environ,
    print_environ_usage,
    print_exception,
    print_form,
    test,
)
from _postern_cgi.request import URLENCODED as _URLENCODED
from _postern_cgi.request import headers_of as _headers_of
from _postern_cgi.request import query_of as _query_of
from _postern_cgi.request import text_of as _text_of

__all__ = [
    "MiniFieldStorage",
    "FieldStorage",
    "parse",
    "parse_multipart",
    "parse_header",
    "test",
    "print_exception",
    "print_environ",
    "print_form",
    "print_directory",
    "print_arguments",
    "print_environ_usage",
]

maxlen = 0
max_fields = 1000
max_parts = 1000
max_depth = 3
max_field_bytes = 16 * 1024 * 1024
max_part_header_bytes = 16 * 1024
max_header_line_bytes = 8 * 1024
max_boundary_bytes = 200
memory_bytes = 1000

logfile = ""
logfp = None



def log(fmt, *args):
    """Add a line to the file that `logfile` names; nothing where it names none."""
    global logfp
    if logfp is None and logfile:
        logfp = open(logfile, "a", encoding="utf-8", errors="backslashreplace")
    if logfp is not None:
        logfp.write(fmt % args + "\n")
        logfp.flush()


def valid_boundary(s):
    """Whether a boundary, text or bytes, is one that a form may have."""
    return _valid_boundary(s, max_boundary_bytes)


class FieldStorage(_Form):
    """A form, or a part of one. A form is read like a dictionary, by the names of its fields.

    fp: where the body is read, a file object of bytes or a TextIOWrapper; default sys.stdin. Not used for GET and HEAD.
    headers: a mapping with content-type and content-length; default: those of `environ`.
    outerboundary: of the multipart body that this is a part of.
    environ: the meta-variables; default os.environ.
    keep_blank_values: keep fields of an urlencoded form that are empty.
    strict_parsing: raise ValueError for an urlencoded form that is not well-formed.
    limit: bytes that may be read of fp.
    encoding, errors: of the text in a form.
    max_num_fields: more fields than these raise ValueError; default max_fields.
    separator: between the fields of an urlencoded form.

    Attributes: name, filename, value, file, list, type, type_options, disposition, disposition_options, headers; None
    where there is none. `value` is a list of fields, bytes of a file, or text. `done` is -1 where a body was cut off.
    """

    def __init__(
        self,
        fp=None,
        headers=None,
        outerboundary=b"",
        environ=os.environ,
        keep_blank_values=0,
        strict_parsing=0,
        limit=None,
        encoding="utf-8",
        errors="replace",
        max_num_fields=None,
        separator="&",
    ):
        self.keep_blank_values = keep_blank_values
        self.strict_parsing = strict_parsing
        self.encoding = encoding
        self.errors = errors
        self.max_num_fields = max_num_fields
        self.separator = separator
        if not isinstance(outerboundary, bytes):
            raise TypeError("outerboundary must be bytes, not %s" % type(outerboundary).__name__)
        self.outerboundary = outerboundary
        method = environ.get("REQUEST_METHOD", "GET").upper()
        self.qs_on_post = None
        if method in ("GET", "HEAD"):
            fp = BytesIO(_query_of(environ).encode("utf-8", "surrogateescape"))
            if headers is None:
                headers = {"content-type": _URLENCODED}
        elif headers is None:
            headers = _headers_of(environ, method)
            self.qs_on_post = environ.get("QUERY_STRING")
        self._check_headers(headers)
        self.headers = headers
        self.fp = _file_of(fp)
        self._read_disposition(headers)
        self._read_type(headers, method)
        self.length = self._length_of(headers)
        self.limit = self.length if limit is None and self.length >= 0 else limit
        self.bytes_read = 0
        self.list = self.file = None
        self.done = 0
        self._read(environ)

    @staticmethod
    def _check_headers(headers):
        message = sys.modules.get("email.message")
        is_message = message is not None and isinstance(headers, message.Message)
        if not is_message and not (hasattr(headers, "keys") and hasattr(headers, "__getitem__")):
            raise TypeError("headers must be mapping or an instance of email.message.Message")

    def _read_disposition(self, headers):
        self.disposition, self.disposition_options = "", {}
        if "content-disposition" in headers:
            self.disposition, self.disposition_options = parse_header(_text_of(headers, "content-disposition"))
        self.name = self.disposition_options.get("name")
        self.filename = _filename_of(self.disposition_options)
        self._binary_file = self.filename is not None

    def _read_type(self, headers, method):
        if "content-type" in headers:
            self.type, self.type_options = parse_header(_text_of(headers, "content-type"))
        elif self.outerboundary or method != "POST":
            self.type, self.type_options = "text/plain", {}
        else:
            self.type, self.type_options = _URLENCODED, {}
        self.innerboundary = self.type_options.get("boundary", "").encode(self.encoding, self.errors)

    @staticmethod
    def _length_of(headers):
        try:
            length = int(headers["content-length"]) if "content-length" in headers else -1
        except ValueError:
            length = -1
        if maxlen and length > maxlen:
            raise _exceeded("The request's body is longer than %d bytes", maxlen, "cgi.maxlen")
        return length

    def _read(self, environ):
        if isinstance(self.fp, _Part):
            self._budget = self.fp.budget
            source = self.fp
        else:
            chosen = self.max_num_fields
            fields = (max_fields, "cgi.max_fields") if chosen is None else (chosen, "max_num_fields of FieldStorage")
            self._budget = _Budget(*fields, max_parts)
            source = _Source(self.fp, self.limit)
            if self.outerboundary:
                source = _part_until(source, self.outerboundary, self._budget)
        if self.type == _URLENCODED:
            self._read_urlencoded(source)
        elif self.type.startswith("multipart/"):
            self._read_multipart(source, environ)
        elif self.length >= 0:
            self._read_body(source)
        else:
            self._read_field(source)
        self.bytes_read = source.bytes_read
        if isinstance(source, _Part):
            while source.read():
                pass
            self.done = source.done

    def _read_urlencoded(self, source):
        text = _read_small(source, max_field_bytes).decode(self.encoding, self.errors)
        if self.qs_on_post:
            text = text + self.separator + self.qs_on_post if text else self.qs_on_post
        self.list = self._fields(text)

    def _fields(self, text):
        pairs = _parse_urlencoded(
            text,
            self._budget,
            self.keep_blank_values,
            self.strict_parsing,
            self.encoding,
            self.errors,
            self.separator,
        )
        return [MiniFieldStorage(name, value) for name, value in pairs]

    def _read_multipart(self, source, environ):
        if not valid_boundary(self.innerboundary):
            raise ValueError("Invalid boundary in multipart form: %r" % self.innerboundary)
        depth = 1 + getattr(source, "depth", 0)
        if depth > max_depth:
            raise _exceeded("More than %d multipart bodies are within each other", max_depth, "cgi.max_depth")
        self.list = self._fields(self.qs_on_post) if self.qs_on_post else []
        reader = _MultipartReader(source, self.innerboundary)
        going = reader.find_first()
        while going:
            head = reader.read_head(max_part_header_bytes, max_header_line_bytes)
            if head is None:
                return
            self._budget.take_part()
            part = _Part(reader, depth, self._budget)
            field = self._part_field(part, head, environ)
            if field.list is None:
                self._budget.take_fields(1)
            self.list.append(field)
            going = part.done == 0

    def _part_field(self, part, head, environ):
        # Only multipart bodies need it, and it takes long to load.
        from email.parser import HeaderParser

        headers = HeaderParser().parsestr(head.decode(self.encoding, self.errors))
        # Its own length says nothing that the boundary does not say better.
        del headers["content-length"]
        # A subclass may have a make_file of its own, which is for the parts above all.
        return self.__class__(
            part,
            headers,
            self.innerboundary,
            environ,
            self.keep_blank_values,
            self.strict_parsing,
            None,
            self.encoding,
            self.errors,
            self.max_num_fields,
            self.separator,
        )

    def _read_body(self, source):
        """A whole body that is no form."""
        self._binary_file = True
        self.file = self.make_file()
        for data in iter(source.read, b""):
            self.file.write(data)
        self.file.seek(0)
        if source.bytes_read < self.length:
            self.done = -1

    def _read_field(self, source):
        """A part, or a body of unknown length: a file's bytes, or a text."""
        if not self._binary_file:
            self._read_text(source)
            return
        self.file = BytesIO()
        size = 0
        for data in iter(source.read, b""):
            size += len(data)
            if size > memory_bytes and isinstance(self.file, BytesIO):
                start, self.file = self.file.getvalue(), self.make_file()
                self.file.write(start)
            self.file.write(data)
        self.file.seek(0)

    def _read_text(self, source):
        data = _read_small(source, max_field_bytes)
        text = data.decode(self.encoding, self.errors)
        if len(data) > memory_bytes:
            self.file = self.make_file()
            self.file.write(text)
            self.file.seek(0)
        else:
            self.file = StringIO(text)
        if not isinstance(source, _Part):
            self.done = -1

    def make_file(self):
        """A file, open for writing and reading, for a part that is too large for memory. To be overridden.

        It takes bytes where the part has a file name or the body is no form, text elsewhere. The default is a temporary
        file, gone when it is closed.
        """
        from tempfile import TemporaryFile

        if self._binary_file:
            return TemporaryFile("wb+")
        # Whatever was decoded can be written: the encoding of this file is nobody else's matter.
        return TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="\n")

    def __repr__(self):
        return "FieldStorage(%r, %r, %r)" % (self.name, self.filename, self.value)

    def __getattr__(self, name):
        if name != "value":
            raise AttributeError(name)
        if "file" in self.__dict__ and self.file is not None:
            self.file.seek(0)
            value = self.file.read()
            self.file.seek(0)
            return value
        return self.__dict__.get("list")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.file is not None:
            self.file.close()


def _file_of(fp):
    """A file object of bytes."""
    if fp is None:
        fp = sys.stdin
    if isinstance(fp, TextIOWrapper):
        return fp.buffer
    if not isinstance(fp, _Part) and not (hasattr(fp, "read") and hasattr(fp, "readline")):
        raise TypeError("fp must be file pointer")
    return fp


def parse(fp=None, environ=os.environ, keep_blank_values=0, strict_parsing=0, separator="&"):
    """The fields of a form as a dictionary of lists. `fp`: where the body of a POST is read; default sys.stdin."""
    fp = sys.stdin if fp is None else fp
    # Bytes of no named encoding are kept one by one.
    encoding = getattr(fp, "encoding", None) or "latin-1"
    environ.setdefault("REQUEST_METHOD", "GET")
    query = _query_of(environ)
    if environ["REQUEST_METHOD"] == "POST":
        ctype, options = parse_header(environ.get("CONTENT_TYPE", _URLENCODED))
        if ctype == "multipart/form-data":
            options["CONTENT-LENGTH"] = environ.get("CONTENT_LENGTH", "-1")
            return parse_multipart(fp, options, separator=separator)
        if ctype == _URLENCODED:
            length = FieldStorage._length_of({"content-length": environ.get("CONTENT_LENGTH", "-1")})
            body = _read_small(_Source(_file_of(fp), length if length >= 0 else None), max_field_bytes).decode(encoding)
            query = "&".join(text for text in (body, query) if text)
    environ["QUERY_STRING"] = query
    budget = _Budget(max_fields, "cgi.max_fields", max_parts)
    fields = {}
    for name, value in _parse_urlencoded(query, budget, keep_blank_values, strict_parsing, encoding, "replace", separator):
        fields.setdefault(name, []).append(value)
    return fields


def parse_multipart(fp, pdict, encoding="utf-8", errors="replace", separator="&"):
    """The fields of a multipart body as a dictionary of lists. `pdict`: the parameters of its Content-Type."""
    boundary = pdict["boundary"]
    if isinstance(boundary, bytes):
        boundary = boundary.decode("latin-1")
    if not valid_boundary(boundary):
        raise ValueError("Invalid boundary in multipart form: %r" % boundary)
    quoted = boundary.replace("\\", "\\\\").replace('"', '\\"')
    headers = {"content-type": 'multipart/form-data; boundary="%s"' % quoted}
    if "CONTENT-LENGTH" in pdict:
        headers["content-length"] = str(pdict["CONTENT-LENGTH"])
    post = {"REQUEST_METHOD": "POST"}
    form = FieldStorage(fp, headers, environ=post, encoding=encoding, errors=errors, separator=separator)
    return {name: form.getlist(name) for name in form}


if __name__ == "__main__":
    test()
