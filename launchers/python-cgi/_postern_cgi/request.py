"""What the meta-variables say of a form (RFC 3875 4.1)."""

import sys

URLENCODED = "application/x-www-form-urlencoded"


def query_of(environ):
    """The query; where a script is tried by hand, its first argument."""
    if "QUERY_STRING" in environ:
        return environ["QUERY_STRING"]
    return sys.argv[1] if len(sys.argv) > 1 else ""


def headers_of(environ, method):
    headers = {"content-type": URLENCODED} if method == "POST" else {}
    if "CONTENT_TYPE" in environ:
        headers["content-type"] = environ["CONTENT_TYPE"]
    if "CONTENT_LENGTH" in environ:
        headers["content-length"] = environ["CONTENT_LENGTH"]
    return headers


def text_of(headers, name):
    """A header's value. Where it is not all characters, a Message gives something else than text."""
    value = headers[name]
    if isinstance(value, str):
        return value
    return next(text for key, text in headers.raw_items() if key.lower() == name)
