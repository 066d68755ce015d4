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


