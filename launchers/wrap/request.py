# What follows is the same in each such script. Its request goes on, by SCGI, to a server that stays. It says no more to
# visitors than that something failed; to the web server's error log it says what.

import os
import sys
from select import POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, poll

try:
    # `socket` would cost more time than all the rest.
    from _socket import AF_UNIX, SOCK_STREAM, socket
except ImportError:
    from socket import AF_UNIX, SOCK_STREAM, socket

# Bytes that are read at once, and those of an answer that wait while the web server still sends a body.
CHUNK = 65536
# To a pipe that is ready so many bytes are written without waiting (PIPE_BUF).
PIECE = 4096
# Seconds for the lock, and for room among those who wait for the server.
PATIENCE = 10
# Seconds in all for the rest of a body that nobody reads.
REST = 30
# The log is cut when it is larger, and what it ended with is kept beside it.
LOG_BYTES = 4 << 20
KEPT_BYTES = 1 << 20

GONE = POLLERR | POLLHUP | POLLNVAL

# RFC 3875 4.1, and what web servers add that tells of the request. Everything else in the environment is not of it.
OF_REQUEST = frozenset(
    b'AUTH_TYPE CONTENT_TYPE HTTPS PATH_INFO QUERY_STRING REMOTE_ADDR REMOTE_PORT REMOTE_USER REQUEST_ID'
    b' REQUEST_METHOD REQUEST_SCHEME REQUEST_URI SCRIPT_NAME SERVER_ADDR SERVER_NAME SERVER_PORT SERVER_PROTOCOL'
    b' UNIQUE_ID'.split()
)
# The body comes by CONTENT_LENGTH, whatever the client's fields say.
NOT_OF_REQUEST = frozenset((b'HTTP_CONTENT_LENGTH', b'HTTP_CONTENT_TYPE', b'HTTP_TRANSFER_ENCODING'))
# Of the environment that the server starts with.
OF_SERVER = frozenset((b'PATH', b'HOME', b'USER', b'LOGNAME', b'LANG', b'TZ', b'TMPDIR'))


class Failed(Exception):
    def __init__(self, status, why):
        Exception.__init__(self, why)
        self.status = status
        self.why = why


def text(path):
    return os.fsdecode(path)


# --- The request


def scgi_head(environ, length):
    """SCGI, "Request Format": a netstring of names and values, CONTENT_LENGTH first."""
    pairs = [b'CONTENT_LENGTH', b'%d' % length, b'SCGI', b'1']
    told = dict(environ)
    if MOUNT is not None:
        told[b'SCRIPT_NAME'] = MOUNT
        if not MOUNT and not told.get(b'PATH_INFO'):
            told[b'PATH_INFO'] = b'/'  # Else nothing would say the path but REQUEST_URI, which has the script in it.
    for name, value in told.items():
        of_request = name in OF_REQUEST or name in PASSED or name.startswith(b'HTTP_')
        if of_request and name not in NOT_OF_REQUEST:
            pairs += (name, value)
    content = b'\0'.join(pairs) + b'\0'
    return b'%d:%s,' % (len(content), content)


def body_length(environ):
    said = environ.get(b'CONTENT_LENGTH', b'')
    if said:
        if not said.isdigit() or len(said) > 15:
            raise Failed('400 Bad Request', 'CONTENT_LENGTH is no number')
        return int(said)
    # RFC 3875 4.2: without CONTENT_LENGTH there is no body; one that is there all the same must not vanish.
    if environ.get(b'HTTP_TRANSFER_ENCODING'):
        raise Failed('411 Length Required', 'the web server does not say how long the body of a request is')
    return 0


