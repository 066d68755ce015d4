"""Reports of exceptions for CGI scripts: where it happened, the lines around, and the values of the variables there.

    import cgitb
    cgitb.enable()

A stand-in for the module `cgitb` that Python had until 3.12, written from its documentation; part of Postern. A report
shows a visitor what the script holds: with `display=0, logdir="/somewhere"` it goes to a file instead.
"""

import sys

__all__ = ["enable", "handler", "Hook", "html", "text", "lookup", "scanvars", "reset", "strong", "small", "grey"]


def reset():
    """What turns half of a page, or half of a head, into the start of a readable page.

    Where no head has ended yet it is the rest of one: the gateway knows the odd line, and leaves it out. Inside a page
    it is a comment, and the ends of what may be open.
    """
    ends = "".join("</%s>" % name for name in "script style title textarea select a table table table div div".split())
    return "<!--: spam\nContent-Type: text/html\n\n<!-- -->%s" % ends


def strong(text):
    """The text in bold, as HTML."""
    return "<strong>%s</strong>" % _escape(text) if text else ""


def small(text):
    """The text in small letters, as HTML."""
    return "<small>%s</small>" % _escape(text) if text else ""


def grey(text):
    """The text in grey, as HTML."""
    return '<span style="color: #909090">%s</span>' % _escape(text) if text else ""


def _escape(text):
    from html import escape

    return escape(str(text))


def lookup(name, frame, locals):
    """Where a name is defined ("local", "global", "builtin" or None), and its value."""
    return _report().lookup(name, frame, locals)


def scanvars(reader, frame, locals):
    """The names in one logical line of Python with their values. `reader` gives its lines."""
    return _report().scanvars(reader, frame, locals)


def html(einfo, context=5):
    """A report of `einfo`, a tuple as sys.exc_info() gives it, as HTML, with so many lines around each place."""
    report = _report()
    return report.html_of(report.Report(einfo, context))


def text(einfo, context=5):
    """The same as plain text."""
    report = _report()
    return report.text_of(report.Report(einfo, context))


def _report():
    # Only a script that fails needs it, and it takes long to load.
    from _postern_cgi import report

    return report


class Hook:
    """What may stand in place of sys.excepthook.

    display: whether the visitor sees the report; otherwise only that there was one.
    logdir: a folder in which each report becomes a file.
    context: lines around each place.
    file: where to write; default sys.stdout.
    format: "html", or anything else for plain text.
    """

    def __init__(self, display=1, logdir=None, context=5, file=None, format="html"):
        self.display = display
        self.logdir = logdir
        self.context = context
        self.file = file
        self.format = format

    def __call__(self, etype, evalue, etb):
        self.handle((etype, evalue, etb))

    def handle(self, info=None):
        """Report an exception, by default the one at hand."""
        info = info or sys.exc_info()
        out = sys.stdout if self.file is None else self.file
        is_html = self.format == "html"
        if is_html:
            out.write(reset())
        try:
            report = html(info, self.context) if is_html else text(info, self.context)
        except Exception:
            # A report that cannot be made is no reason to say nothing.
            import traceback

            plain = "".join(traceback.format_exception(*info))
            report = "<pre>%s</pre>\n" % _escape(plain) if is_html else plain
        notice = "A problem occurred in a Python script."
        _write(out, report + "\n" if self.display else ("<p>%s</p>\n" % notice if is_html else notice + "\n"), is_html)
        if self.logdir is not None:
            self._log(report, out, is_html)
        try:
            out.flush()
        except (OSError, ValueError, AttributeError):
            pass  # The visitor is gone, or it is no file.

    def _log(self, report, out, is_html):
        import os
        import tempfile

        try:
            descriptor, path = tempfile.mkstemp(suffix=".html" if is_html else ".txt", dir=self.logdir)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(report)
            message = "%s contains the description of this error." % path
        except OSError as error:
            message = "Tried to save the report, and failed: %s." % (error.strerror or "unknown")
        # Security: where the folder lies is for those who may see the report.
        if self.display:
            _write(out, "<p>%s</p>\n" % _escape(message) if is_html else message + "\n", is_html)
        elif self.file is None:
            print(message, file=sys.stderr)


def _write(out, text, is_html):
    """ASCII alone, because nobody knows what encoding the page and the output have."""
    out.write(text.encode("ascii", "xmlcharrefreplace" if is_html else "backslashreplace").decode("ascii"))


handler = Hook().handle


def enable(display=1, logdir=None, context=5, format="html"):
    """Have uncaught exceptions reported. See Hook."""
    sys.excepthook = Hook(display=display, logdir=logdir, context=context, format=format)
