"""The drop-in cgitb on any Python."""

import collections
import html
import io
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

from modules import FOLDER, ours_tb as cgitb

MARK = "<script>alert(1)</script>-->"


class Evil:
    def __repr__(self):
        raise ValueError(MARK)


class Wordy:
    def __repr__(self):
        return MARK * 100000


class Ends:
    def __getattr__(self, name):
        raise OSError(name)


class Unspeakable(Exception):
    def __str__(self):
        raise ValueError("no text")


def caught(function, *arguments, **more):
    try:
        function(*arguments, **more)
    except BaseException:
        return sys.exc_info()
    raise AssertionError("nothing was raised")


def failing(evil, *rest, **more):
    mark, ends = MARK, Ends()
    return evil, rest, more, mark, ends.attribute, 1 / 0  # the line that fails


def recursing(depth):
    return recursing(depth + 1)


class Reports(unittest.TestCase):
    def test_what_a_report_says(self):
        info = caught(failing, 5, "word", key=[1])
        for text in (cgitb.text(info), html.unescape(re.sub(r"</?\w[^>]*>", "", cgitb.html(info)))):
            self.assertIn("ZeroDivisionError: division by zero" if "OSError" not in text else "OSError", text)
            for expected in ("cgitb_test.py", "failing(evil=5, *rest=('word',), **more={'key': [1]})", "# the line that fails"):
                self.assertIn(expected, text)

    def test_security_nothing_of_the_script_is_markup(self):
        for value in (MARK, Evil(), Wordy(), {MARK: MARK}, [MARK], MARK.encode()):
            page = cgitb.html(caught(failing, value, MARK, key=MARK))
            self.assertNotIn("<script", page)
            self.assertEqual(page.count("-->"), 1, page)
        page = cgitb.html(caught(exec, "raise ValueError(%r)" % MARK))
        self.assertNotIn("<script", page)
        for function in (cgitb.strong, cgitb.small, cgitb.grey):
            self.assertNotIn("<script", function(MARK))
            self.assertEqual(function(""), "")

    def test_a_report_stays_small_and_comes_soon(self):
        start = time.process_time()
        values = [
            "x" * 10**7, b"x" * 10**7, list(range(10**6)), 10**100000, Wordy(), Evil(), {"a": {"b": {"c": {"d": {}}}}},
            collections.OrderedDict.fromkeys(range(10**5)), collections.defaultdict(int, dict.fromkeys(range(10**5))),
            type("MyList", (list,), {})(range(10**5)), type("str", (), {})(), bytearray(10**6),
        ]  # fmt: skip
        loop = []
        loop.append(loop)
        for value in [*values, values, loop]:
            info = caught(failing, value)
            self.assertLess(len(cgitb.html(info)), 30000)
            self.assertLess(len(cgitb.text(info)), 20000)
        info = caught(recursing, 0)
        self.assertLess(len(cgitb.html(info)), 100000)
        self.assertLess(len(cgitb.html(caught(exec, "raise ValueError('x' * 10**7)"))), 30000)
        self.assertLess(time.process_time() - start, 20)

    def test_a_report_comes_whatever_is_wrong(self):
        def chained():
            try:
                raise Unspeakable
            except Unspeakable as error:
                raise KeyError("second") from error

        for function in (chained, lambda: exec("raise Unspeakable", {"Unspeakable": Unspeakable}), lambda: eval("1 +"),
                         lambda: exec("def f(:"), lambda: sys.exit(3)):  # fmt: skip
            info = caught(function)
            self.assertIn(info[0].__name__, cgitb.html(info))
            self.assertIn(info[0].__name__, cgitb.text(info, context=1))
        self.assertIn("cannot be had", cgitb.text(caught(lambda: exec("raise U", {"U": Unspeakable}))))

    def test_lookup_and_scanvars(self):
        local = 1
        frame = sys._getframe()
        self.assertEqual(cgitb.lookup("local", frame, {"local": local}), ("local", 1))
        self.assertEqual(cgitb.lookup("MARK", frame, {}), ("global", MARK))
        self.assertEqual(cgitb.lookup("len", frame, {}), ("builtin", len))
        self.assertEqual(cgitb.lookup("no_such", frame, {})[0], None)
        lines = iter(["x.real + y\n", ""])
        found = cgitb.scanvars(lambda: next(lines), frame, {"x": 2, "y": 3})
        self.assertEqual(found, [("x", "local", 2), ("x.real", "x.", 2), ("y", "local", 3)])


class Hooks(unittest.TestCase):
    def handled(self, **options):
        out = io.StringIO()
        cgitb.Hook(file=out, **options).handle(caught(failing, "é€"))
        return out.getvalue()

    def test_html_and_text(self):
        page = self.handled()
        self.assertTrue(page.startswith(cgitb.reset()))
        self.assertTrue(page.isascii())
        self.assertIn("&#8364;", page)
        text = self.handled(format="text")
        self.assertTrue(text.startswith("OSError\nPython "), text)
        self.assertIn("evil='\\xe9\\u20ac'", text)

    def test_a_report_that_nobody_is_to_see_goes_to_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            page = self.handled(display=0, logdir=folder)
            self.assertNotIn("failing", page)
            self.assertNotIn(folder, page)
            names = os.listdir(folder)
            self.assertEqual([os.path.splitext(name)[1] for name in names], [".html"])
            with open(os.path.join(folder, names[0]), encoding="utf-8") as file:
                self.assertIn("failing", file.read())
            self.assertIn(folder, self.handled(logdir=folder))
            self.assertEqual(len(os.listdir(folder)), 2)
        self.assertIn("failed", self.handled(logdir="/no/such/folder"))

    def test_enable_in_a_script(self):
        source = "import cgitb; cgitb.enable()\n%s\nint('é')\n"
        for before, start in (("", "<!--: spam\nContent-Type: text/html\n\n"), ("print('<p>half a page')", "<p>half a page\n<!--: spam\n")):
            run = subprocess.run(
                [sys.executable, "-B", "-W", "ignore", "-c", source % before],
                env={"PYTHONPATH": FOLDER, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                universal_newlines=True,
            )
            self.assertEqual((run.returncode, run.stderr), (1, ""))
            self.assertTrue(run.stdout.startswith(start), run.stdout[:200])
            self.assertIn("ValueError", run.stdout)


if __name__ == "__main__":
    unittest.main()
