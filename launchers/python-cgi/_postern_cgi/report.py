"""What `cgitb` says of an exception: its frames, the lines around, the variables in them, as HTML or plain text.

A report must come whatever the script holds: values are shown by a short repr, and one that fails is said to have
failed. Security: everything is escaped; nothing that a value says can end a comment or begin an element.
"""

import collections
import inspect
import itertools
import keyword
import linecache
import os
import reprlib
import sys
import time
import tokenize
import traceback
from html import escape

UNDEFINED = object()

_MOST_FRAMES = 40
_MOST_VARIABLES = 40
_LONGEST_LINE = 400
_LONGEST_MESSAGE = 4000

_LONG_REPRS = (collections.OrderedDict.__repr__, collections.defaultdict.__repr__, collections.Counter.__repr__)


class _Repr(reprlib.Repr):
    """Short, and never an exception. Levels and lengths are bounded before a value is asked for its text."""

    def __init__(self):
        super().__init__()
        self.maxlevel = 3
        self.maxdict = self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = 10
        self.maxstring = self.maxother = 200
        self.maxlong = 60

    def repr1(self, x, level):
        try:
            return self._cut(super().repr1(x, level))
        except Exception as error:
            return "<%s whose repr raised %s>" % (type(x).__name__, type(error).__name__)

    def _cut(self, text):
        return text if len(text) <= 1000 else text[:1000] + "..."

    def repr_str(self, x, level):
        # Security: a string of a gigabyte is cut before it is written out.
        return super().repr_str(x[:1000], level)

    def repr_bytes(self, x, level):
        shown = repr(x[: self.maxstring])
        return shown if len(x) <= self.maxstring else shown + "..."

    repr_bytearray = repr_bytes

    def repr_instance(self, x, level):
        # A class of one's own may hold as much as the type that it is made of.
        for base in (dict, list, tuple, set, frozenset, str, bytes):
            if isinstance(x, base) and type(x).__repr__ in (base.__repr__, *_LONG_REPRS):
                return "<%s> %s" % (type(x).__name__, self._of(base, x, level))
        return super().repr_instance(x, level)

    def _of(self, base, x, level):
        whole = base(x) if base in (str, bytes) else base(itertools.islice(x.items() if base is dict else x, 11))
        return self.repr1(whole, level)

    def repr_int(self, x, level):
        # Python refuses to write out very long numbers, and takes long for long ones.
        return super().repr_int(x, level) if x.bit_length() < 4096 else "<int of %d bits>" % x.bit_length()


short_repr = _Repr().repr


def lookup(name, frame, locals):
    """Where a name is defined, and its value."""
    for scope, names in (("local", locals), ("global", frame.f_globals)):
        if name in names:
            return scope, names[name]
    builtins = frame.f_globals.get("__builtins__", {})
    names = builtins if isinstance(builtins, dict) else vars(builtins)
    return ("builtin", names[name]) if name in names else (None, UNDEFINED)


def scanvars(reader, frame, locals):
    """The names in one logical line of Python: a list of (name, scope, value). `reader` gives the lines."""
    found, last, parent, prefix, value = [], None, None, "", UNDEFINED
    for kind, token, *_ in tokenize.generate_tokens(reader):
        if kind == tokenize.NEWLINE:
            break
        if kind == tokenize.NAME and not keyword.iskeyword(token):
            if last == ".":
                if parent is not UNDEFINED:
                    value = _attribute(parent, token)
                    found.append((prefix + token, prefix, value))
            else:
                scope, value = lookup(token, frame, locals)
                found.append((token, scope, value))
        elif token == ".":
            prefix += (last or "") + "."
            parent = value
        else:
            parent, prefix = None, ""
        last = token
    return found


def _attribute(parent, name):
    try:
        return getattr(parent, name, UNDEFINED)
    except Exception:
        return UNDEFINED


class Frame:
    """One frame of a traceback, ready to be written."""

    def __init__(self, frame, line, context):
        code = frame.f_code
        self.path = os.path.abspath(code.co_filename) if os.path.exists(code.co_filename) else code.co_filename
        self.line = line
        self.call = "" if code.co_name == "<module>" else code.co_name + _arguments(frame)
        first = max(1, line - context // 2)
        self.lines = [
            (number, linecache.getline(code.co_filename, number, frame.f_globals).rstrip("\n")[:_LONGEST_LINE])
            for number in range(first, first + context)
        ]
        while self.lines and not self.lines[-1][1]:
            self.lines.pop()
        self.variables = _variables(frame, line)


def _arguments(frame):
    try:
        names, rest, keywords, values = inspect.getargvalues(frame)
        shown = ["%s=%s" % (name, short_repr(values[name])) for name in names if name in values]
        shown += ["*%s=%s" % (rest, short_repr(values[rest]))] if rest in values else []
        shown += ["**%s=%s" % (keywords, short_repr(values[keywords]))] if keywords in values else []
    except Exception:
        return "(...)"
    return "(%s)" % ", ".join(shown)


def _variables(frame, line):
    """The variables on the line: (name, scope, repr), each once."""
    following = iter(range(line, line + 20))

    def reader():
        number = next(following, None)
        return "" if number is None else linecache.getline(frame.f_code.co_filename, number, frame.f_globals)

    try:
        found = scanvars(reader, frame, frame.f_locals)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return []  # A line that is no Python, or not whole.
    shown = {}
    for name, scope, value in found[:_MOST_VARIABLES]:
        if scope != "builtin" and name not in shown:
            shown[name] = (name, scope, "undefined" if value is UNDEFINED else short_repr(value))
    return list(shown.values())


class Report:
    """Everything that a page says of an exception."""

    def __init__(self, einfo, context):
        kind, value, trace = einfo
        self.kind = kind.__name__ if isinstance(kind, type) else str(kind)
        self.message = _message(value)
        self.version = "Python %s: %s" % (sys.version.split()[0], sys.executable)
        self.date = time.ctime(time.time())
        frames = []
        while trace is not None:
            frames.append((trace.tb_frame, trace.tb_lineno))
            trace = trace.tb_next
        self.left_out = max(0, len(frames) - _MOST_FRAMES)
        # The last frames say most, and a recursion without an end has a thousand alike.
        self.frames = [Frame(frame, line, context) for frame, line in frames[self.left_out :]]
        self.attributes = _attributes(value) if isinstance(value, BaseException) else []
        self.traceback = _plain(einfo)


def _attributes(value):
    pairs = ((name, _attribute(value, name)) for name in dir(value) if not name.startswith("_"))
    return [(name, short_repr(held)) for name, held in pairs if not callable(held)][:_MOST_VARIABLES]


def _message(value):
    try:
        return str(value)[:_LONGEST_MESSAGE]
    except Exception as error:
        return "(its text cannot be had: %s)" % type(error).__name__


def _plain(einfo):
    try:
        lines = traceback.format_exception(*einfo, limit=-_MOST_FRAMES)
    except Exception as error:
        lines = ["(the traceback cannot be had: %s)" % type(error).__name__]
    return "".join(line[:_LONGEST_MESSAGE] for line in lines)


def html_of(report):
    """The report as a piece of HTML."""
    parts = [
        '<div style="background: #f0f0f8; color: #000; padding: 1em; font: 14px/1.4 sans-serif">',
        '<h1 style="font-size: 1.4em; margin: 0">%s</h1>' % escape(report.kind),
        "<p>%s<br>%s</p>" % (escape(report.version), escape(report.date)),
        "<p>A problem occurred in a Python script. Here is the sequence of function calls leading up to the error, in "
        "the order they occurred.</p>",
    ]
    if report.left_out:
        parts.append("<p>(%d frames before these are left out.)</p>" % report.left_out)
    for frame in report.frames:
        parts.append(
            '<p style="margin: 1em 0 0">%s:%d %s</p>'
            % (escape(frame.path), frame.line, "in <strong>%s</strong>" % escape(frame.call) if frame.call else "")
        )
        parts.append('<pre style="background: #fff; margin: 0; padding: .5em; white-space: pre-wrap">')
        for number, text in frame.lines:
            line = "%5d  %s" % (number, escape(text))
            is_here = number == frame.line
            parts.append('<strong style="background: #ffccee">%s</strong>' % line if is_here else line)
        parts.append("</pre>")
        if frame.variables:
            shown = ["%s<strong>%s</strong> = %s" % _html_variable(variable) for variable in frame.variables]
            parts.append('<p style="margin: 0; color: #555">%s</p>' % ",<br>".join(shown))
    parts.append("<p><strong>%s</strong>: %s</p>" % (escape(report.kind), escape(report.message)))
    parts += ["<p>%s = %s</p>" % (escape(name), escape(text)) for name, text in report.attributes]
    parts.append("</div>")
    return "\n".join(parts) + "\n<!-- The above in plain text:\n\n%s\n-->\n" % escape(report.traceback)


def _html_variable(variable):
    name, scope, text = variable
    return "<em>global</em> " if scope == "global" else "", escape(name), escape(text)


def text_of(report):
    """The report as plain text."""
    parts = [report.kind, report.version, report.date, ""]
    parts.append("A problem occurred in a Python script.  Here is the sequence of")
    parts.append("function calls leading up to the error, in the order they occurred.")
    if report.left_out:
        parts.append("(%d frames before these are left out.)" % report.left_out)
    for frame in report.frames:
        parts += ["", " %s:%d %s" % (frame.path, frame.line, "in " + frame.call if frame.call else "")]
        parts += ["%s%5d %s" % (">" if number == frame.line else " ", number, text) for number, text in frame.lines]
        parts += ["%s%s = %s" % ("global " if scope == "global" else "", name, text) for name, scope, text in frame.variables]
    parts += ["%s: %s" % (report.kind, report.message)]
    parts += ["    %s = %s" % attribute for attribute in report.attributes]
    return "\n".join(parts) + "\n\nThe above is a description of an error in a Python program.  Here is\nthe original traceback:\n\n%s\n" % report.traceback
