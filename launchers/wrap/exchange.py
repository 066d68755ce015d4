# --- The exchange


class Exchange:
    def __init__(self, connection):
        self.connection = connection
        self.wrote = False
        self.read_body = False
        self.left_body = False

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
                    self.left_body = True
                    return answer  # It takes no more, but may have answered.
            if at_server & (POLLIN | GONE) and len(answer) < CHUNK:
                chunk = self.receive()
                if not chunk:
                    self.left_body = True
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
                    if exchange.left_body:
                        drain()
                    return
            except Failed as failure:
                if exchange.wrote:
                    return
                raise failure
            # A server that ended just now has not seen it. Security: nothing is done twice that may not be.
            if exchange.read_body or environ.get(b'REQUEST_METHOD') not in (b'GET', b'HEAD'):
                break
    raise Failed('503 Service Unavailable', 'the server has ended; its log is %s' % text(log))


def drain():
    """Apache gives us one socket for both ways: it would be reset with a body unread in it, and take the answer with it."""
    if not (os.environb.get(b'CONTENT_LENGTH') or os.environb.get(b'HTTP_TRANSFER_ENCODING')):
        return
    import time

    end = time.monotonic() + REST
    watch = poll()
    watch.register(0, POLLIN)
    try:
        while watch.poll(max(0, end - time.monotonic()) * 1000) and os.read(0, CHUNK):
            pass
    except OSError:
        pass


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
        drain()
    except OSError:
        pass


if __name__ == '__main__':
    main()
