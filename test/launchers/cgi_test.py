"""The drop-in cgi on any Python: what scripts count on, and the limits. See also cgi_differential_test.py."""

import contextlib
import html
import io
import os
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

from modules import FOLDER, MULTIPART, URLENCODED, environ, form, multipart, ours as cgi, part


def printed(function, *arguments):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        function(*arguments)
    return out.getvalue()


class Forms(unittest.TestCase):
    def test_a_query(self):
        f = cgi.FieldStorage(environ={"QUERY_STRING": "a=1&b=2&a=3&e=&u=%C3%A9+x"})
        self.assertEqual(f.keys(), ["a", "b", "u"])
        self.assertEqual((len(f), list(f), "a" in f, "e" in f, bool(f)), (3, ["a", "b", "u"], True, False, True))
        self.assertEqual(f.getvalue("a"), ["1", "3"])
        self.assertEqual(f.getvalue("b"), "2")
        self.assertEqual(f.getfirst("a"), "1")
        self.assertEqual((f.getlist("b"), f.getlist("x")), (["2"], []))
        self.assertEqual((f.getvalue("x", 1), f.getfirst("x", 2), f.getvalue("x")), (1, 2, None))
        self.assertEqual(f["u"].value, "é x")
        self.assertEqual([item.value for item in f["a"]], ["1", "3"])
        with self.assertRaises(KeyError):
            f["x"]

    def test_an_upload(self):
        data = bytes(range(256)) * 20
        body = multipart(part(b"text"), part(data, b"f", b'a \\"b\\".bin', b"Content-Type: image/png; x=1\r\n"))
        f = form(body, query="q=1")
        self.assertEqual(f.keys(), ["q", "a", "f"])
        item = f["f"]
        self.assertEqual((item.name, item.filename, item.type), ("f", 'a "b".bin', "image/png"))
        self.assertEqual((item.type_options, item.disposition), ({"x": "1"}, "form-data"))
        self.assertEqual(item.headers["content-type"], "image/png; x=1")
        self.assertEqual((item.value, item.file.read(), item.done), (data, data, 1))
        self.assertIsInstance(item.file.fileno(), int)
        self.assertEqual(f.getvalue("a"), "text")

    def test_a_field_behind_a_nested_body(self):
        inner = multipart(part(b"1", b"x", b"1.txt"), boundary=b"in")
        head = b'Content-Disposition: form-data; name="files"\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n'
        f = form(multipart(head + inner, part(b"9", b"z")))
        self.assertEqual((f["files"].list[0].value, f.getvalue("z")), (b"1", "9"))

    def test_rfc_5987_a_file_name_with_an_asterisk_counts_where_there_is_no_other(self):
        def name(options):
            head = b"Content-Disposition: form-data; name=f; " + options + b"\r\n\r\nx"
            return form(multipart(head))["f"].filename

        self.assertEqual(name(b"filename*=UTF-8''%c3%a9%20.txt"), "é .txt")
        self.assertEqual(name(b"filename*=iso-8859-1'en'%e9"), "é")
        self.assertEqual(name(b"filename*=no-such'en'%41"), "A")
        self.assertEqual(name(b"filename=a; filename*=UTF-8''b"), "a")
        self.assertIsNone(name(b"filename*=b"))

    def test_a_body_that_is_no_form(self):
        f = form(b'{"a": 1}', "application/json")
        self.assertEqual((f.value, f.list, f.type), (b'{"a": 1}', None, "application/json"))
        for read in (lambda: f["a"], lambda: "a" in f, f.keys, lambda: len(f), lambda: bool(f)):
            self.assertRaises(TypeError, read)
        self.assertEqual(form(b"abc", "text/plain", length=10).done, -1)
        self.assertEqual(form(b"x=1", "text/plain", method="PUT").value, b"x=1")

    def test_a_body_longer_than_its_length_is_not_read_on(self):
        fp = io.BytesIO(b"a=1&b=2 and what follows")
        f = cgi.FieldStorage(fp, environ=environ(b"a=1&b=2", URLENCODED))
        self.assertEqual((f.getvalue("b"), fp.read()), ("2", b" and what follows"))

    def test_without_a_length_nothing_behind_the_form_is_waited_for(self):
        reading, writing = os.pipe()
        os.write(writing, multipart(part(b"1")))
        with os.fdopen(reading, "rb") as fp:
            f = cgi.FieldStorage(fp, environ=environ(b"", length=None))
        os.close(writing)
        self.assertEqual(f.getvalue("a"), "1")

    def test_standard_input_and_text_files(self):
        text = io.TextIOWrapper(io.BytesIO(b"a=%C3%A9"))
        with mock.patch.object(sys, "stdin", text):
            self.assertEqual(cgi.FieldStorage(environ=environ(b"12345678", URLENCODED)).getvalue("a"), "é")
        self.assertEqual(cgi.parse(io.TextIOWrapper(io.BytesIO(b"a=1"), "utf-8"), environ(b"a=1", URLENCODED)), {"a": ["1"]})
        self.assertRaises(TypeError, cgi.FieldStorage, 3, environ={"REQUEST_METHOD": "POST"})
        self.assertRaises(ValueError, cgi.FieldStorage, io.StringIO("a"), environ={"REQUEST_METHOD": "POST"})

    def test_make_file_may_be_overridden(self):
        made = []

        class Mine(cgi.FieldStorage):
            def make_file(self):
                made.append(self.filename)
                return io.BytesIO()

        body = multipart(part(b"x" * 1001, b"f", b"large"), part(b"x" * 1000, b"g", b"small"))
        f = Mine(io.BytesIO(body), environ=environ(body))
        self.assertEqual((made, type(f["f"]), len(f["f"].value)), (["large"], Mine, 1001))

    def test_a_context_closes_its_file(self):
        with form(b"abc", "text/plain") as f:
            self.assertEqual(f.value, b"abc")
        self.assertTrue(f.file.closed)

    def test_encodings(self):
        body = multipart(part("é\udce9".encode("utf-8", "surrogatepass") * 600), part(b"\xe9", b"b\xe9"))
        f = form(body, errors="surrogateescape")
        self.assertEqual((f["a"].value.count("é"), f.keys()), (600, ["a", "b\udce9"]))
        self.assertEqual(form(body, encoding="latin-1").getvalue("bé"), "é")
        self.assertEqual(form(b"a=%E9", URLENCODED, encoding="latin-1").getvalue("a"), "é")

    def test_cve_2021_23336_one_separator_alone(self):
        self.assertEqual(form(b"a=1;b=2&c=3", URLENCODED).keys(), ["a", "c"])
        self.assertEqual(form(b"a=1;b=2&c=3", URLENCODED, separator=";").keys(), ["a", "b"])

    def test_parse_reads_a_multipart_body(self):
        body = multipart(part(b"1"), part(b"2"), part(b"\xff", b"f", b"x"))
        self.assertEqual(cgi.parse(io.BytesIO(body), environ(body)), {"a": ["1", "2"], "f": [b"\xff"]})

    def test_names_of_the_form_may_be_set(self):
        f = form(b"a=1", URLENCODED)
        f["a"].value = "2"
        self.assertEqual(f.getvalue("a"), "2")


class Limits(unittest.TestCase):
    def refused(self, name, body, ctype=MULTIPART, **options):
        with self.assertRaisesRegex(ValueError, r"the limit is %s\b" % name):
            form(body, ctype, **options)

    def test_fields(self):
        form(b"&".join([b"a=1"] * 1000), URLENCODED)
        self.refused("cgi.max_fields", b"&".join([b"a=1"] * 1001), URLENCODED)
        self.refused("cgi.max_fields", b"&" * 1000, URLENCODED)
        self.refused("cgi.max_fields", multipart(*[part()] * 999), query="a=1&b=2")
        self.refused("max_num_fields", b"a=1&b=2", URLENCODED, max_num_fields=1)
        form(b"&".join([b"a=1"] * 1001), URLENCODED, max_num_fields=1001)
        with self.assertRaises(ValueError):
            cgi.parse(io.BytesIO(), {"QUERY_STRING": "&" * 1000})
        with mock.patch.object(cgi, "max_fields", 2000):
            form(b"&" * 1500, URLENCODED)

    def test_parts(self):
        self.refused("cgi.max_parts", multipart(*[part()] * 1001), max_num_fields=5000)

    def test_the_head_of_a_part(self):
        self.refused("cgi.max_part_header_bytes", multipart(part(more=(b"X: " + b"y" * 4000 + b"\r\n") * 5)))
        self.refused("cgi.max_header_line_bytes", multipart(part(more=b"X: " + b"y" * 9000 + b"\r\n")))
        self.refused("cgi.max_header_line_bytes", b"--b\r\n" + b"y" * 1000000)

    def test_depth(self):
        def nested(levels):
            body, head = multipart(part(b"1")), b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n"
            for level in range(levels - 1):
                inner = b"b" if level == 0 else b"b%d" % (level - 1)
                body = multipart(b"Content-Type: multipart/mixed; boundary=" + inner + b"\r\n\r\n" + body, boundary=b"b%d" % level)
            return body, "multipart/form-data; boundary=" + ("b" if levels == 1 else "b%d" % (levels - 2))

        self.assertEqual(form(*nested(3)).list[0].list[0].list[0].value, "1")
        self.refused("cgi.max_depth", *nested(4))

    def test_size_of_what_is_no_file(self):
        with mock.patch.object(cgi, "max_field_bytes", 100000):
            form(multipart(part(b"x" * 100000), part(b"x" * 100001, b"f", b"a file")))
            self.refused("cgi.max_field_bytes", multipart(part(b"x" * 100001)))
            self.refused("cgi.max_field_bytes", b"a=" + b"x" * 100000, URLENCODED)
            self.refused("cgi.max_field_bytes", b"x" * 100001, "text/plain", length=None)

    def test_size_of_the_body(self):
        with mock.patch.object(cgi, "maxlen", 10):
            self.refused("cgi.maxlen", b"x" * 11, "text/plain")
            form(b"x" * 10, "text/plain")

    def test_boundary(self):
        for boundary in ("b" * 201, "", "b\u00e9", "b "):
            with self.assertRaisesRegex(ValueError, "Invalid boundary"):
                form(b"", 'multipart/form-data; boundary="%s"' % boundary)

    def test_a_large_part_does_not_stay_in_memory(self):
        body = multipart(part(b"x" * 3000000, b"f", b"f"))
        self.assertFalse(isinstance(form(body)["f"].file, io.BytesIO))


class Time(unittest.TestCase):
    """Twice the input takes about twice the time, whatever is in it. What is measured is a ratio: machines differ."""

    def check(self, run):
        def best(size):
            times = []
            for _ in range(2):
                start = time.process_time()
                run(size)
                times.append(time.process_time() - start)
            return min(times)

        # Quadratic time would be sixty-four times as long.
        small, large = best(50000), best(400000)
        self.assertLess(large, 30 * small + 0.1)

    def test_bodies(self):
        for piece in (b"\n", b"\r", b"\n--b-", b"\r\n--b" + b" " * 1000 + b"x", b"\n--", b"-"):
            def run(size, piece=piece):
                form(b"--b\r\n" + part(b"", b"f", b"f") + piece * (size // len(piece)))
            self.check(run)

    def test_preambles_and_epilogues(self):
        self.check(lambda size: form(b"\n--b--x" * (size // 7) + multipart(part())))
        self.check(lambda size: form(multipart(part()) + b"\n--b" * (size // 4)))

    def test_header_values(self):
        for piece in (';"', '\\"', ';a="', "\\\\", '"', ";", " ", "=", "; "):
            self.check(lambda size, piece=piece: cgi.parse_header("a;" + piece * (size // len(piece))))
            self.check(lambda size, piece=piece: cgi.parse_header('a; b="' + piece * (size // len(piece)) + '"'))
        self.check(lambda size: cgi.valid_boundary(" " * size))

    def test_heads_of_parts(self):
        with mock.patch.multiple(cgi, max_part_header_bytes=10**9, max_header_line_bytes=10**9):
            self.check(lambda size: form(b"--b\r\n" + b"a: b\r\n" * (size // 60)))


class Pages(unittest.TestCase):
    EVIL = "<script>alert('x')</script>\"&"

    def test_everything_is_escaped(self):
        f = form(b"", URLENCODED, query="<b>=%3Cscript%3E")
        pages = [
            printed(cgi.print_form, f),
            printed(cgi.print_environ, {"<b>": self.EVIL}),
            printed(cgi.print_directory),
            printed(cgi.print_environ_usage),
        ]
        with mock.patch.object(sys, "argv", [self.EVIL]):
            pages.append(printed(cgi.print_arguments))
        try:
            raise ValueError(self.EVIL)
        except ValueError:
            pages.append(printed(cgi.print_exception))
        for page in pages:
            self.assertNotRegex(page, r"<script|<b>")
        self.assertIn(html.escape("<script>"), pages[0])

    def test_the_test_page_is_an_answer(self):
        run = subprocess.run(
            [sys.executable, "-B", os.path.join(FOLDER, "cgi.py")],
            env={"QUERY_STRING": "a=<b>", "PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            check=True,
        )
        self.assertTrue(run.stdout.startswith(b"Content-Type: text/html; charset=utf-8\n\n"), run.stdout[:100])
        self.assertIn(b"QUERY_STRING", run.stdout)
        self.assertNotIn(b"<b>", run.stdout)

    def test_log(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "log")
            cgi.log("nowhere")
            with mock.patch.multiple(cgi, logfile=path, logfp=None):
                cgi.log("%s is %d", "a", 1)
                cgi.logfp.close()
            with open(path) as file:
                self.assertEqual(file.read(), "a is 1\n")


if __name__ == "__main__":
    unittest.main()
