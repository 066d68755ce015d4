"""A worker becomes the script: what a fresh interpreter would find is put in place, and nothing else is left."""

import _socket
import io
import os
import posix
import sys

ending = part('ending')
folder_of = part('kept_code')['folder_of']

modules = sys.modules
decode = os.fsdecode
MOST_BYTES = 4096
REHEARSALS = 12
# What `ps` calls launchers and the workers that wait.
NAME = b'postern-python'


# Whether the folder of what is run is put in front of sys.path.
HAS_SCRIPT_FOLDER = not (sys.flags.isolated or getattr(sys.flags, 'safe_path', False))


def path_without_launcher(path):
    """sys.path before the launcher's own folder was put in front of it."""
    return path[1:] if HAS_SCRIPT_FOLDER else list(path)


class Worker:
    def __init__(self, fresh_main, stash, kept, belongs):
        self.fresh_main = fresh_main
        self.stash = stash
        self.kept = kept
        self.belongs = belongs
        self.arguments = list(getattr(sys, 'orig_argv', ()))[:-1]
        self.environ = os.environ._data
        # What the interpreter, or a program that stands for it, made of its environment at its start (PEP 538).
        self.at_start = dict(self.environ)
        self.stdin_kind = posix.fstat(0).st_mode
        self.launcher_main = modules['__main__']
        self.clear_environment()

    def folder_of(self, path, script):
        """sys.path[0]: the folder of the file that links lead to."""
        known = self.kept.folders.get(path)
        if known is not None:
            folder, device, inode, clean_since = known
            try:
                status = posix.stat(folder)
            except OSError:
                status = None
            # The script's own file is known to be the same (`code`), and so is this folder.
            if status is not None and (status.st_dev, status.st_ino) == (device, inode):
                if status.st_ctime_ns == clean_since:
                    self.stash.clean_folder = folder
                return folder
        return folder_of(script)

    def clear_environment(self):
        for name in list(self.environ):
            posix.unsetenv(name)
        self.environ.clear()
        posix.environ.clear()

    def become(self, channel):
        """Waits for the request. Returns the script's code, the names to run it in, and what ends the process."""
        fields = receive(channel)
        count = int(fields[2])
        path, words = fields[0], fields[3 : 3 + count]
        environ, of_posix, putenv = self.environ, posix.environ, posix.putenv
        at_start = self.at_start.get
        for entry in fields[3 + count :]:
            name, _, value = entry.partition(b'=')
            value = at_start(name, value)
            environ[name] = of_posix[name] = value
            putenv(name, value)
        for name, value in self.at_start.items():
            if name not in environ:
                environ[name] = of_posix[name] = value
                putenv(name, value)
        script = decode(path)
        try:
            posix.chdir(fields[1])
            code = self.kept.code(path)
        except OSError:
            execute(script, words)  # One of them has just gone.
        show_name(path)
        is_news = code is None
        if is_news:
            code = compiled(path, script)
            if code is None:
                # Its own interpreter says best what is wrong with it.
                self.kept.write_note(path, (), 'Python cannot read it as it stands')
                execute(script, words)
            is_news = not self.kept.is_refused(path)
        sys.argv = [script, *map(decode, words)]
        if self.arguments:
            sys.orig_argv = [*self.arguments, *sys.argv]
        sys.path_importer_cache[script] = None
        if HAS_SCRIPT_FOLDER:
            sys.path.insert(0, self.folder_of(path, script))
        # Without a body it is the null device, as the launcher's own.
        if b'CONTENT_LENGTH' in environ and posix.fstat(0).st_mode != self.stdin_kind:
            sys.stdin = sys.__stdin__ = standard_input()
        main = type(sys)('__main__')
        names = main.__dict__
        for name, value in self.fresh_main.items():
            names[name] = value
        names['__file__'] = script
        names['__loader__'] = type(self.fresh_main['__loader__'])('__main__', script)
        if isinstance(names.get('__annotations__'), dict):
            names['__annotations__'] = {}
        modules['__main__'] = main
        pid = posix.getpid()
        size = len(modules) - self.stash.restored

        def last_act():
            """What tells the launcher what it did not know, or None."""
            news = self.news() if is_news or len(modules) > size + self.stash.restored else ()
            if posix.getpid() == pid and (is_news or news):
                return lambda: self.kept.write_note(path if is_news else None, news, '')
            return None

        def leave():
            """To give this process's memory back takes the system longer than the answer should wait."""
            if posix.getpid() == pid:
                posix.closerange(0, 3)
                self.kept.say_leaving(pid)

        return code, names, ending['Ending'](self.stash, last_act, leave).finish

    def rehearse(self, script):
        """Plays a request in the launcher itself. What the interpreter writes down when code first runs (specialized
        instructions, found methods, places in tables) is then there already, and no worker copies pages for it."""
        path, argv, arguments = list(sys.path), sys.argv, getattr(sys, 'orig_argv', None)
        kept, folder = [posix.dup(number) for number in (0, 1, 2)], posix.getcwd()
        null = posix.open('/dev/null', posix.O_RDWR)
        environment = [b'NAME_%d=value %d' % (number, number) for number in range(30)]
        self.kept.keep(script)
        try:
            self.play(script, null, environment)
        finally:
            for number, descriptor in enumerate(kept):
                posix.dup2(descriptor, number)
                posix.close(descriptor)
            posix.close(null)
        posix.chdir(folder)
        show_name(NAME)
        self.kept.codes.clear()
        self.kept.folders.clear()
        sys.path[:], sys.argv = path, argv
        if arguments is not None:
            sys.orig_argv = arguments

    def play(self, script, null, environment):
        for _ in range(REHEARSALS):
            fields = b'\0'.join([script, b'/', b'1', b'word', *environment])
            here, there = _socket.socketpair()
            rights = b''.join(number.to_bytes(4, sys.byteorder) for number in (null, null, null))
            message = len(fields).to_bytes(4, 'little') + fields
            here.sendmsg([message], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
            here.close()
            code, names, finish = self.become(there.detach())
            exec(code, names)
            code = names = None
            ending = finish.__self__
            ending.last_act = no_act
            ending.wind_up(None)
            ending.leave()
            for number in (0, 1, 2):
                posix.dup2(null, number)
            modules['__main__'] = self.launcher_main
            self.stash.forget_restored()
            self.clear_environment()
            sys.path_importer_cache.pop(decode(script), None)
            sys.unraisablehook = sys.__unraisablehook__

    def news(self):
        """Names of modules that could have been loaded ahead, in the order of their coming."""
        hidden, told, baseline = self.stash.known, self.stash.told, self.stash.baseline
        return [
            name
            for name in list(modules)
            if name not in baseline and name not in hidden and name not in told and self.belongs(modules[name])
        ]


def no_act():
    return None


def show_name(path):
    """The name that `ps` and `top` show. A fresh process has its script's (Linux)."""
    try:
        descriptor = posix.open('/proc/self/comm', posix.O_WRONLY)
        posix.write(descriptor, path.rpartition(b'/')[2])
        posix.close(descriptor)
    except OSError:
        pass


def receive(channel):
    """The fields of the one message; its descriptors become 0, 1 and 2."""
    socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM, 0, channel)
    data, ancillary, _, _ = socket.recvmsg(MOST_BYTES, _socket.CMSG_SPACE(12))
    if len(data) < 4 or not ancillary:
        posix._exit(0)
    descriptors = ancillary[0][2]
    for target in (0, 1, 2):
        descriptor = int.from_bytes(descriptors[4 * target : 4 * target + 4], sys.byteorder)
        posix.dup2(descriptor, target)
        posix.close(descriptor)
    length = 4 + int.from_bytes(data[:4], 'little')
    while len(data) < length:
        more = socket.recv(length - len(data))
        if not more:
            posix._exit(0)
        data += more
    socket.close()
    return data[4:].split(b'\0')


def compiled(path, script):
    """None where it cannot be read or compiled, or where a file would be read in another way than bytes are."""
    try:
        with io.open(path, 'rb') as file:
            source = file.read()
        if not source.isascii() and b'coding' not in b''.join(source.splitlines()[:2]):
            source.decode()
        return compile(source, script, 'exec', dont_inherit=True)
    except (OSError, SyntaxError, ValueError, MemoryError, RecursionError, OverflowError):
        return None


def execute(script, words):
    """The cold way, in this process."""
    try:
        posix.execve(script, [script, *map(decode, words)], os.environ)
    except OSError:
        posix._exit(127)


def standard_input():
    """As `create_stdio` of pylifecycle.c makes it: its kind is not that which the launcher had."""
    before = sys.stdin
    buffer = io.open(0, 'rb', -1, closefd=False)
    buffer.raw.name = '<stdin>'
    stream = io.TextIOWrapper(buffer, before.encoding, before.errors, '\n')
    stream.mode = 'r'
    return stream
