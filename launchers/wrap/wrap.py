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


# --- The server


def own_folder():
    """Security: what lies in a folder of somebody else's, or that others may write to, could be their own server."""
    folder = FOLDER if FOLDER is not None else b'/tmp/postern-wrap-%d' % os.geteuid()
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise Failed('503 Service Unavailable', 'the folder %s cannot be made: %s' % (text(folder), error))
    state = os.lstat(folder)
    if state.st_mode & 0o170000 != 0o040000 or state.st_uid != os.geteuid() or state.st_mode & 0o077:
        why = '%s is not a folder that belongs to user %d and lets nobody else in (chmod 700)'
        raise Failed('503 Service Unavailable', why % (text(folder), os.geteuid()))
    return folder


def connect(path):
    """None: nobody listens."""
    tries = 0
    while True:
        connection = socket(AF_UNIX, SOCK_STREAM)
        connection.setblocking(False)
        try:
            connection.connect(path)
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            return None
        except BlockingIOError:
            # As many wait as may.
            connection.close()
            tries += 1
            if tries > PATIENCE * 20:
                raise Failed('503 Service Unavailable', 'too many requests wait for the server')
            pause()


def pause():
    import time

    time.sleep(0.05)


def locked(path):
    """Only one of us starts a server. The lock ends with its descriptor, or with us."""
    import fcntl

    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    for _ in range(PATIENCE * 20):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            pause()
    raise Failed('503 Service Unavailable', '%s is locked' % text(path))


def start(path, log, lock_path):
    """A server with a socket that listens already: whoever connects while it starts only waits."""
    lock = locked(lock_path)
    try:
        connection = connect(path)
        if connection is not None:
            return connection
        try:
            os.unlink(path)  # Of a server that was killed.
        except FileNotFoundError:
            pass
        listener = socket(AF_UNIX, SOCK_STREAM)
        before = os.umask(0o177)
        listener.bind(path)
        os.umask(before)
        listener.listen(1024)
        launch(listener, path, log)
        connection = connect(path)
        # Now it is the server's alone, and ends with it.
        listener.close()
        return connection
    finally:
        os.close(lock)


def launch(listener, path, log):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        os.setsid()
        if os.fork():
            os._exit(0)
        become_server(listener, path, log)
    except BaseException as error:
        os.write(2, b'postern: the server cannot be started: %s\n' % str(error).encode('utf-8', 'replace'))
    finally:
        os._exit(127)


def become_server(listener, path, log):
    import signal

    # Python ignores it, and what ignores a signal hands that down.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    os.dup2(listener.fileno(), 0)
    # A web server waits for whoever holds the outputs that it gave us.
    os.dup2(output, 1)
    os.dup2(output, 2)
    for name in os.listdir('/dev/fd'):
        if int(name) > 2:
            try:
                os.close(int(name))
            except OSError:
                pass  # That of the list itself.
    os.chdir('/')
    words = [*COMMAND, b'--listen=scgi:fd:0', b'--socket-file=' + path, b'--', APPLICATION]
    os.execve(words[0], words, server_environment(os.environb))


def server_environment(environ):
    """Security: nothing of a request, nor what the web server has beside it, but what is named."""
    kept = {
        name: value
        for name, value in environ.items()
        if name in OF_SERVER or name in PASSED_ENVIRONMENT or name.startswith(b'LC_')
    }
    kept.update(ENVIRONMENT)
    kept.setdefault(b'PATH', b'/usr/local/bin:/usr/bin:/bin')
    if b'HOME' not in kept:
        import pwd

        try:
            kept[b'HOME'] = os.fsencode(pwd.getpwuid(os.geteuid()).pw_dir)
        except KeyError:
            pass
    return kept


def cut_log(log, lock_path):
    try:
        size = os.stat(log).st_size
    except FileNotFoundError:
        return
    if size <= LOG_BYTES:
        return
    lock = locked(lock_path)
    try:
        with open(log, 'rb') as old, open(log + b'.1', 'wb') as kept:
            old.seek(-min(KEPT_BYTES, os.fstat(old.fileno()).st_size), os.SEEK_END)
            kept.write(old.read(KEPT_BYTES))
        # The server appends to it, and goes on at its new end.
        os.truncate(log, 0)
    finally:
        os.close(lock)


# --- The exchange


class Exchange:
    def __init__(self, connection):
        self.connection = connection
        self.wrote = False
        self.read_body = False

    def run(self, head, length):
        """Whether there was an answer. Returns early where nobody waits for it any more."""
        self.connection.setblocking(False)
        waiting = self.send(head, length)
        if waiting is None or not self.write(waiting):
            return True
        watch = poll()
        watch.register(self.connection.fileno(), POLLIN)
        watch.register(1, 0)
        while True:
            ready = dict(self.wait(watch))
            if self.connection.fileno() not in ready:
                return True  # The web server has closed our output.
            chunk = self.receive()
            if not chunk:
                return self.wrote
            if chunk is not True and not self.write(chunk):
                return True

    def send(self, out, left):
        """The request. What has come of the answer and is not written yet; None: the request broke off."""
        answer = b''
        while out or left:
            watch = poll()
            wanted = (POLLIN if len(answer) < CHUNK else 0) | (POLLOUT if out else 0)
            if wanted:
                watch.register(self.connection.fileno(), wanted)
            watch.register(1, POLLOUT if answer else 0)
            if left and not out:
                watch.register(0, POLLIN)
            ready = dict(self.wait(watch))
            at_output = ready.get(1, 0)
            if at_output & GONE:
                return None
            if at_output:
                if not self.write(answer[:PIECE]):
                    return None
                answer = answer[PIECE:]
            at_server = ready.get(self.connection.fileno(), 0)
            if at_server & POLLOUT:
                try:
                    out = out[self.connection.send(out) :]
                except BlockingIOError:
                    pass
                except OSError:
                    return answer  # It takes no more, but may have answered.
            if at_server & (POLLIN | GONE) and len(answer) < CHUNK:
                chunk = self.receive()
                if not chunk:
                    return answer
                if chunk is not True:
                    answer += chunk
            if ready.get(0):
                self.read_body = True
                out = os.read(0, min(CHUNK, left))
                if not out:
                    return None
                left -= len(out)
        return answer

    def wait(self, watch):
        ready = watch.poll(None if LIMIT is None else LIMIT * 1000)
        if not ready:
            raise Failed('504 Gateway Timeout', 'the server does not answer')
        return ready

    def receive(self):
        """Empty at the end, True where nothing has come after all."""
        try:
            return self.connection.recv(CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return b''

    def write(self, data):
        """Whether somebody takes it."""
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(1, view) :]
                self.wrote = True
            except BlockingIOError:
                watch = poll()
                watch.register(1, POLLOUT)
                self.wait(watch)
            except OSError:
                return False
        return True


def answer():
    environ = os.environb
    length = body_length(environ)
    head = scgi_head(environ, length)
    folder = own_folder()
    # `touch` on this file, or other settings: another server.
    path = b'%s/%s-%x.sock' % (folder, NAME, os.stat(__file__).st_mtime_ns)
    log = b'%s/%s.log' % (folder, NAME)
    lock = b'%s/%s.lock' % (folder, NAME)
    cut_log(log, lock)
    for last in (False, True):
        connection = connect(path) or start(path, log, lock)
        if connection is not None:
            exchange = Exchange(connection)
            try:
                if exchange.run(head, length):
                    return
            except Failed as failure:
                if exchange.wrote:
                    return
                raise failure
            # A server that ended just now has not seen it. Security: nothing is done twice that may not be.
            if exchange.read_body or environ.get(b'REQUEST_METHOD') not in (b'GET', b'HEAD'):
                break
    raise Failed('503 Service Unavailable', 'the server has ended; its log is %s' % text(log))


def main():
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            os.open('/dev/null', os.O_RDWR)
    try:
        answer()
        return
    except Failed as failure:
        status, why = failure.status, failure.why
    except OSError as error:
        status, why = '503 Service Unavailable', str(error)
    why = why.encode('utf-8', 'backslashreplace').decode('ascii', 'backslashreplace')
    try:
        sys.stderr.write('postern: %s: %s\n' % (text(NAME), why))
    except OSError:
        pass
    page = '%s\n%s\n' % (status, why if DEVELOPMENT else 'The web server\'s error log says more.')
    fields = 'Status: %s\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n' % status
    try:
        os.write(1, ('%s\r\n%s' % (fields, page)).encode())
    except OSError:
        pass


if __name__ == '__main__':
    main()
