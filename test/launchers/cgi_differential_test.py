"""The same input to Python's own cgi and to the drop-in: the same form, or the same refusal. For Pythons before 3.13.

Not compared: what the limits refuse, and what the guide lists as different.
"""

import io
import random
import unittest

from modules import URLENCODED, environ, multipart, ours, part, theirs

ROUNDS = 800


def shown(item):
    """All that a script can see of a field."""
    if isinstance(item, list):
        return [shown(each) for each in item]
    value = item.value
    return {
        "name": item.name,
        "filename": item.filename,
        "value": shown(value) if isinstance(value, list) else value,
        "type": item.type,
        "type_options": item.type_options,
        "disposition": item.disposition,
        "disposition_options": item.disposition_options,
        # A line of spaces ends a head; it is no part of the last field.
        "headers": {name: value.rstrip() for name, value in item.headers.items()},
        "list": None if item.list is None else shown(item.list),
        "in text": isinstance(item.file, io.TextIOBase) if item.file is not None else None,
        "large": hasattr(item.file, "buffer") or hasattr(item.file, "raw"),
    }


def asked(form):
    """The form as a dictionary."""
    if form.list is None:
        return None
    names = sorted(form.keys(), key=str)
    return {
        "names": names,
        "length": len(form),
        "true": bool(form),
        "values": [[plain(form.getvalue(name)), plain(form.getfirst(name)), plain(form.getlist(name))] for name in names],
        "items": [shown(form[name]) for name in names],
        "missing": (form.getvalue("no such", 1), form.getfirst("no such", 2), form.getlist("no such"), "no such" in form),
    }


def plain(value):
    """A nested body is a list of fields."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value if isinstance(value, (str, bytes, type(None))) else shown(value)


def outcome(module, body, variables, **options):
    fp = io.BytesIO(body)
    try:
        form = module.FieldStorage(fp, environ=dict(variables), **options)
    except ValueError as error:
        return "ValueError" if "fields" in str(error) else str(error)
    return shown(form), asked(form), done_of(form)


def done_of(item):
    """The ends of the fields. Python's own does not see that a body was cut off where Content-Length said so."""
    if isinstance(item.value, list):
        return [done_of(each) for each in item.value]
    return getattr(item, "done", None)


def read_of(length, body):
    return length if isinstance(length, int) and not isinstance(length, bool) and length >= 0 else len(body)


@unittest.skipIf(theirs is None, "this Python has no cgi of its own")
class Differential(unittest.TestCase):
    def compare(self, body, variables, **options):
        expected = outcome(theirs, body, variables, **options)
        found = outcome(ours, body, variables, **options)
        about = (body[:2000], variables, options)
        if isinstance(found, tuple) and isinstance(expected, tuple):
            for mine, other in zip(found[2], expected[2]):
                self.assertTrue(mine == other or (mine == -1 and other == 0), about)
            found, expected = found[:2], expected[:2]
        self.assertEqual(found, expected, about)

    def test_urlencoded(self):
        pick = random.Random(1)
        pieces = ["a", "b", "=", "&", ";", "+", "%41", "%C3%A9", "%ff", "%", "é", "=1&", "a=2", ""]
        for _ in range(ROUNDS):
            text = "".join(pick.choices(pieces, k=pick.randrange(12)))
            query = pick.choice([None, "", "a=1", "q=1&a=%C3%A9", text])
            body = text.encode()
            length = pick.choice([True, True, None, len(body) + 5, pick.randrange(len(body) + 1), "x", -3])
            method = pick.choice(["POST", "POST", "PUT", "GET", "HEAD", "get"])
            ctype = pick.choice([URLENCODED, URLENCODED + "; charset=utf-8", None])
            options = {
                "keep_blank_values": pick.randrange(2),
                "strict_parsing": pick.randrange(2),
                "max_num_fields": pick.choice([None, 2]),
                "separator": pick.choice(["&", "&", ";"]),
                "encoding": pick.choice(["utf-8", "latin-1"]),
            }
            if ctype is None and method == "PUT":
                continue  # It is read as a whole body, where Python's own fails.
            if query and method not in ("GET", "HEAD", "get") and (options["separator"] == ";" or not body[: max(0, read_of(length, body))]):
                continue  # Python's own joins the query to the body with a "&" that nobody splits at.
            self.compare(body, environ(body, ctype, method, query, length), **options)

    def test_multipart_of_pieces(self):
        """Bodies of pieces that matter, in any order: most are broken."""
        pick = random.Random(2)
        pieces = [
            b"--b", b"--b\r\n", b"--b--\r\n", b"--b\n", b"\r\n--b\r\n", b"\n--b--", b"--b \t\r\n", b"--bx\r\n", b"\r", b"\n",
            b"\r\n", b"\r\n\r\n", b"-", b"--", b"x", b"text\xc3\xa9", b"\xff", b"\0", b" ",
            b'Content-Disposition: form-data; name="a"\r\n', b'Content-Disposition: form-data; name="f"; filename="f"\r\n',
            b"Content-Type: text/plain; charset=x\r\n", b"Content-Length: 3\r\n", b"no field\r\n", part(b"1"), part(b"2", b"f", b"x"),
            b"x" * 1500, b"long\r\n" * 300,
        ]  # fmt: skip
        for _ in range(ROUNDS):
            body = pick.choice([b"--b\r\n", b"x\n--b\n", b"\r\n--b \r\n"]) + b"".join(pick.choices(pieces, k=pick.randrange(14)))
            length = pick.choice([True, True, None, len(body) + 5])
            query = pick.choice([None, None, "q=1&a=3"])
            self.compare(body, environ(body, "multipart/form-data; boundary=b", "POST", query, length))

    def test_multipart_cut_anywhere(self):
        files = part(b"\r\n\n--b\r-\xff", b"f", b"\xc3\xa9 \\\"x.txt", b"Content-Type: a/b; c=d\r\n")
        large = part(b"line\r\n" * 250, b"t") 
        body = multipart(part(b"1"), files, part("é".encode() * 600, b"long"), large, part(b""))
        for end in range(len(body) + 1):
            for length in (None, len(body)) if end % 7 == 0 else (True,):
                self.compare(body[:end], environ(body[:end], length=length))

    def test_large_parts_with_what_looks_like_a_delimiter(self):
        pick = random.Random(3)
        for size in (65520, 65536, 65543, 131072, 200000):
            content = bytearray(pick.choices(b"ab\r\n-", k=size))
            for _ in range(50):
                at = pick.randrange(size - 10)
                content[at : at + 6] = pick.choice([b"\r\n--b-", b"\n--bxx", b"\r\n\r\n--", b"\r\n--b "])
            body = multipart(part(bytes(content), b"f", b"f"), part(b"last"))
            self.compare(body, environ(body))
            self.compare(body, environ(body, length=None))

    def test_nested(self):
        inner = multipart(part(b"1", b"x", b"1.txt"), part(b"2", b"y", b"2.txt"), boundary=b"in")
        head = b'Content-Disposition: form-data; name="files"\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n'
        # Fields behind a nested body are lost in Python's own.
        body = multipart(part(b"0"), head + inner)
        self.compare(body, environ(body))

    def test_boundaries(self):
        for boundary in ("b", "b c", "=_'()+,-./:?", "b" * 70, "b" * 200, "", "b ", "é", "b\x7f"):
            raw = boundary.encode()
            body = multipart(part(b"1"), boundary=raw)
            self.compare(body, environ(body, 'multipart/form-data; boundary="%s"' % boundary))

    def test_parse_header(self):
        pick = random.Random(4)
        pieces = ["a", "b", "=", ";", '"', "\\", " ", "\\\"", "; b=", '="', "\t", "é", "*", "'", "UTF-8''"]
        for _ in range(ROUNDS * 5):
            text = "".join(pick.choices(pieces, k=pick.randrange(14)))
            self.assertEqual(ours.parse_header(text), theirs.parse_header(text), text)

    def test_valid_boundary(self):
        for boundary in ("b", "", "b ", " b", "b" * 200, b"b", b"b ", b"", b"\xff"):
            self.assertEqual(bool(ours.valid_boundary(boundary)), bool(theirs.valid_boundary(boundary)), boundary)

    def test_parse(self):
        pick = random.Random(5)
        pieces = ["a", "b", "=", "&", "+", "%41", "%C3%A9", "é", "=1&"]
        for _ in range(ROUNDS // 4):
            text = "".join(pick.choices(pieces, k=pick.randrange(10)))
            variables = environ(text.encode(), URLENCODED, pick.choice(["POST", "GET"]), pick.choice([None, "q=1"]))
            results = []
            for module in (ours, theirs):
                mine = dict(variables)
                result = module.parse(io.BytesIO(text.encode()), mine, keep_blank_values=1)
                results.append((result, mine))
            self.assertEqual(*results)

    def test_parse_multipart(self):
        body = multipart(part("é".encode()), part(b"2"), part(b"\xff", b"f", b"x"))
        for options in ({"boundary": b"b"}, {"boundary": b"b", "CONTENT-LENGTH": str(len(body))}):
            results = [module.parse_multipart(io.BytesIO(body), dict(options)) for module in (ours, theirs)]
            self.assertEqual(*results)

    def test_names_of_the_module(self):
        self.assertEqual(sorted(ours.__all__), sorted(theirs.__all__))


if __name__ == "__main__":
    unittest.main()
