"""Pages that show what a script was told, as HTML on standard output.

Security: all that came from a request is escaped, and so is everything else.
"""

import os
import sys


def _escape(text):
    from html import escape  # Scripts that print none of this need not wait for it.

    return escape(text)


# RFC 3875 4.1, and the fields of a request that most browsers send.
_META_VARIABLES = (
    "AUTH_TYPE CONTENT_LENGTH CONTENT_TYPE GATEWAY_INTERFACE PATH_INFO PATH_TRANSLATED QUERY_STRING REMOTE_ADDR "
    "REMOTE_HOST REMOTE_IDENT REMOTE_USER REQUEST_METHOD SCRIPT_NAME SERVER_NAME SERVER_PORT SERVER_PROTOCOL "
    "SERVER_SOFTWARE"
)
_FIELDS = "HTTP_ACCEPT HTTP_ACCEPT_LANGUAGE HTTP_COOKIE HTTP_HOST HTTP_REFERER HTTP_USER_AGENT"


def test(environ=os.environ):
    """A whole answer in HTML: what the script was told, and the form. For trying a server out, not for the world."""
    from cgi import FieldStorage

    print("Content-Type: text/html; charset=utf-8")
    print()
    # What goes wrong is to be seen on the page, too.
    sys.stderr = sys.stdout
    try:
        form = FieldStorage(environ=environ)
        print_directory()
        print_arguments()
        print_form(form)
        print_environ(environ)
        print_environ_usage()
    except Exception:
        print_exception()


def print_exception(type=None, value=None, tb=None, limit=None):
    """The traceback of an exception, by default the one at hand, as HTML."""
    import traceback

    if type is None:
        type, value, tb = sys.exc_info()
    lines = traceback.format_tb(tb, limit) + traceback.format_exception_only(type, value)
    print("\n<h3>Traceback (most recent call last):</h3>")
    print("<pre>%s<strong>%s</strong></pre>" % (_escape("".join(lines[:-1])), _escape(lines[-1])))


def print_environ(environ=os.environ):
    """The environment as HTML."""
    print("\n<h3>Environment:</h3>")
    _print_list((name, environ[name]) for name in sorted(environ))


def print_form(form):
    """The fields of a form as HTML."""
    print("\n<h3>Form Contents:</h3>")
    if not form:
        print("<p>No form fields.</p>")
    print("<dl>")
    for name in sorted(form.keys(), key=str):
        value = form[name]
        print("<dt>%s: <i>%s</i></dt>" % (_escape(str(name)), _escape(type(value).__name__)))
        print("<dd>%s</dd>" % _escape(repr(value)))
    print("</dl>\n")


def print_directory():
    """The working folder as HTML."""
    print("\n<h3>Current Working Directory:</h3>")
    try:
        print("<p>%s</p>" % _escape(os.getcwd()))
    except OSError as error:
        print("<p>OSError: %s</p>" % _escape(str(error)))


def print_arguments():
    """The command line as HTML."""
    print("\n<h3>Command Line Arguments:</h3>")
    print("<p>%s</p>" % _escape(repr(sys.argv)))


def print_environ_usage():
    """The names of the meta-variables that a script may find, as HTML."""
    print("\n<h3>These environment variables may have been set:</h3>")
    print("<ul>")
    for name in _META_VARIABLES.split():
        print("<li>%s</li>" % name)
    print("</ul>\n<p>The fields of the request come as variables whose names begin with HTTP_, such as:</p>\n<ul>")
    for name in _FIELDS.split():
        print("<li>%s</li>" % name)
    print("</ul>")


def _print_list(pairs):
    print("<dl>")
    for name, value in pairs:
        print("<dt>%s</dt><dd>%s</dd>" % (_escape(name), _escape(value)))
    print("</dl>\n")
