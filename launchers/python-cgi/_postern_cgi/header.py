"""Header values such as `form-data; name="a"` (RFC 2045 5.1, RFC 6266), and the boundaries in them (RFC 2046 5.1.1).

Strings in, values out. Every function takes time in proportion to what it is given, whatever that is.
"""

import re

_TOKEN = re.compile(r'\\"|["; ]|[^\\"; ]+|\\')
_EXTENDED = re.compile(r"([\w!#$%&+^`{}~.-]+)'[^']*'(.*)", re.DOTALL)
_BOUNDARY = re.compile(r"[ -~]*[!-~]")


def parse_header(line):
    """Return the value before the first ";", and a dictionary of the parameters behind it.

    Names are in lower case; values without the quotes and backslashes that they were sent with.
    """
    first, *rest = _split(line)
    options = {}
    for part in rest:
        name, equals, value = part.partition("=")
        if equals:
            options[name.strip().lower()] = _unquote(value.strip())
    return first.strip(), options


def _split(line):
    """Cut at each ";" outside quotes. One walk: counting quotes anew for each piece would be quadratic."""
    pieces, quoted, start = [], False, 0
    for match in _TOKEN.finditer(line):
        token = match.group()
        if token == '"':
            quoted = not quoted
        elif token == ";" and not quoted:
            pieces.append(line[start : match.start()])
            start = match.end()
    pieces.append(line[start:])
    return pieces


def _unquote(value):
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    return value[1:-1].replace("\\\\", "\\").replace('\\"', '"')


def filename_of(options):
    """The file name of a Content-Disposition, or None: `filename`, and `filename*` (RFC 5987) where that is missing."""
    if "filename" in options:
        return options["filename"]
    match = _EXTENDED.fullmatch(options.get("filename*", ""))
    if match is None:
        return None
    from urllib.parse import unquote

    try:
        return unquote(match.group(2), encoding=match.group(1), errors="replace")
    except LookupError:
        return unquote(match.group(2), errors="replace")


def valid_boundary(boundary, most=200):
    """Whether a boundary, text or bytes, is one that a form may have: printable ASCII that ends in no space."""
    if isinstance(boundary, bytes):
        boundary = boundary.decode("latin-1")
    return len(boundary) <= most and _BOUNDARY.fullmatch(boundary) is not None
