"""The head of an answer: what start_response() was given, checked (PEP 3333, "The start_response() Callable"), as CGI has it."""

import re

STATUS = re.compile(r'[1-9][0-9][0-9] [^\x00-\x1f\x7f]*')
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
CONTROL = re.compile(r'[\x00-\x08\x0a-\x1f\x7f]')
LENGTH = re.compile(r'[0-9]{1,18}')
# RFC 2616 13.5.1, which PEP 3333 names, and `Status`, which is CGI's.
NOT_THE_APPLICATIONS = frozenset(
    'connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer trailers transfer-encoding '
    'upgrade status'.split()
)
ORDINARY, CONTENT_LENGTH, LEFT_OUT = range(1, 4)
MOST_KEPT = 1000

# What has been checked before: status -> (line, whether such an answer has no body), name -> ORDINARY or another.
statuses = {}
names = {}
said = set()


def encoded(status, headers, errors):
    """(the head without the empty line at its end, Content-Length or None, whether such an answer has no body)"""
    line, has_no_body = status.__class__ is str and statuses.get(status) or checked_status(status)
    if headers.__class__ is not list and not isinstance(headers, list):
        raise TypeError('the headers given to start_response() must be a list of tuples, not %s' % named(headers))
    lines = [line]
    length = None
    for field in headers:
        if field.__class__ is not tuple and not isinstance(field, tuple) or len(field) != 2:
            raise TypeError('each header must be a tuple (name, value), not %s' % shown(field))
        name, value = field
        kind = name.__class__ is str and names.get(name) or checked_name(name)
        # Security: a CR LF in a value would begin a header, or a body, of somebody else's making.
        if value.__class__ is not str or not value.isprintable():
            check_value(name, value)
        if kind == CONTENT_LENGTH:
            if LENGTH.fullmatch(value) is None or length not in (None, int(value)):
                raise ValueError('Content-Length must be one number, not %s' % shown(value))
            if length is not None:
                continue
            length = int(value)
        elif kind == LEFT_OUT:
            say_left_out(name, errors)
            continue
        lines.append('%s: %s\r\n' % field)
    try:
        return ''.join(lines).encode('latin-1'), length, has_no_body
    except UnicodeEncodeError as failure:
        # The characters must be those of latin-1, each standing for a byte ("Unicode Issues").
        line = next(line for line in lines if any(character > '\xff' for character in line))
        raise ValueError(
            'a header or status holds %r, which is no character of latin-1: %s'
            % (failure.object[failure.start], shown(line.rstrip('\r\n')))
        ) from None


def checked_status(status):
    if not isinstance(status, str):
        raise TypeError('the status given to start_response() must be a str, not %s' % named(status))
    if STATUS.fullmatch(status) is None:
        raise ValueError("the status must be three digits, a space and a reason, such as '200 OK', not %s" % shown(status))
    known = 'Status: %s\r\n' % status, status[0] == '1' or status[:3] in ('204', '304')
    if len(statuses) < MOST_KEPT:
        statuses[str(status)] = known
    return known


def checked_name(name):
    if not isinstance(name, str):
        raise TypeError('the name of a header must be a str, not %s' % named(name))
    if TOKEN.fullmatch(name) is None:
        raise ValueError('%s cannot be the name of a header' % shown(name))
    lower = name.lower()
    kind = CONTENT_LENGTH if lower == 'content-length' else LEFT_OUT if lower in NOT_THE_APPLICATIONS else ORDINARY
    if len(names) < MOST_KEPT:
        names[str(name)] = kind
    return kind


def check_value(name, value):
    if not isinstance(value, str):
        raise TypeError('the value of the header %s must be a str, not %s' % (name, named(value)))
    if CONTROL.search(value) is not None:
        raise ValueError('the value of the header %s holds a control character: %s' % (name, shown(value)))


def say_left_out(name, errors):
    """Once: an application that sends such a field sends it each time."""
    if name.lower() not in said:
        said.add(name.lower())
        errors.write('postern: the header %s is not the application\'s to send, and is left out (PEP 3333)\n' % name)


def named(thing):
    return '%s (%s)' % (type(thing).__name__, shown(thing))


def shown(thing):
    try:
        text = repr(thing)
    except Exception:
        return type(thing).__name__
    return text if len(text) <= 200 else text[:200] + '…'
