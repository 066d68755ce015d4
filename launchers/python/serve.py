"""The launcher's life: it preloads, forks workers when it is told to, reaps and reports."""

import _signal
import _socket
import errno
import posix
import resource  # wait4 asks for it.
import select
import sys
import time

preload = part('preload')
worker = part('worker')
kept_code = part('kept_code')
settle = part('memory')['settle']

CONTROL = 63
MOST_DESCRIPTORS = 64
REHEARSAL = part.__code__.co_filename.rpartition('/')[0].encode() + b'/rehearsal.py'


def quote(text):
    """A word of a line, as the contract says it."""
    if isinstance(text, str):
        text = text.encode('utf-8', 'surrogateescape')
    return b''.join(b'%c' % byte if 0x20 < byte < 0x7F and byte != 0x25 else b'%%%02X' % byte for byte in text).decode()


def unquote(word):
    """The bytes that a word stands for."""
    first, *rest = word.split(b'%')
    return first + b''.join(bytes([int(part[:2], 16)]) + part[2:] for part in rest)


class Control:
    """The control socket: lines in both directions, and descriptors that come with lines."""

    def __init__(self):
        posix.set_inheritable(CONTROL, False)
        self.socket = _socket.socket(fileno=CONTROL)
        self.pending = b''
        self.descriptors = []
        self.reports = []
        self.folder = None

    def report(self, *words):
        texts = [word if isinstance(word, (bytes, str)) else str(word) for word in words[1:]]
        self.reports.append(' '.join([words[0], *map(quote, texts)]) + '\n')

    def flush(self):
        if self.reports:
            lines = ''.join(self.reports).encode()
            self.reports.clear()
            try:
                self.socket.sendall(lines)
            except OSError:
                self.end()

    def end(self):
        """The server is gone, perhaps without a chance to tidy up."""
        try:
            for name in posix.listdir(self.folder or b''):
                posix.unlink(self.folder + b'/' + name)
            posix.rmdir(self.folder)
        except OSError:
            pass
        posix._exit(0)

    def lines(self):
        """Those that have come; waits for the first. The end of the socket is the end of the launcher."""
        size = _socket.CMSG_SPACE(4 * MOST_DESCRIPTORS)
        flags = getattr(_socket, 'MSG_CMSG_CLOEXEC', 0)
        try:
            data, ancillary, _, _ = self.socket.recvmsg(65536, size, flags)
        except OSError:
            data = b''
        if not data:
            self.end()
        for level, kind, payload in ancillary:
            if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS:
                self.descriptors.extend(received(payload))
        *whole, self.pending = (self.pending + data).split(b'\n')
        return [line.split(b' ') for line in whole]


def received(payload):
    return [int.from_bytes(payload[at : at + 4], sys.byteorder) for at in range(0, len(payload) - 3, 4)]


def forget_own_path():
    """What the interpreter noted when it started this file."""
    file = part.__code__.co_filename
    for path in (file, file.rpartition('/')[0]):
        sys.path_importer_cache.pop(path, None)


def serve(fresh_main, fresh_modules):
    """Returns in a worker alone, with the code and the names to run it in, and what ends the process."""
    sys.path[:] = worker['path_without_launcher'](sys.path)
    forget_own_path()
    control = Control()
    control.report('hello', 'python', '.'.join(map(str, sys.version_info[:3])))
    control.flush()
    queue = []
    while not queue:
        queue = control.lines()
    _, folder, *modules = map(unquote, queue.pop(0))
    control.folder = folder
    modules = [name.decode('utf-8', 'surrogateescape') for name in modules]
    stash = preload['preload'](modules, folder, fresh_modules, control.report)
    kept = kept_code['KeptCode'](folder, stash.is_clean)
    script = worker['Worker'](fresh_main, stash, kept, preload['belongs'])
    script.rehearse(REHEARSAL)
    become = script.become
    control.report('ready')
    control.flush()

    woken, wake = posix.pipe()
    posix.set_blocking(woken, False)
    posix.set_blocking(wake, False)
    _signal.signal(_signal.SIGCHLD, lambda number, frame: None)
    _signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    poll = select.poll()
    poll.register(CONTROL, select.POLLIN)
    poll.register(woken, select.POLLIN)
    looked_at = time.monotonic()
    settle(control, script, become, stash, kept, poll, queue)
    while True:
        ids = [words[1] for words in queue if words[0] == b'fork']
        channels, control.descriptors = control.descriptors[: len(ids)], control.descriptors[len(ids) :]
        pids, failure = [], 'EAGAIN'
        fork, told = posix.fork, pids.append
        try:
            # Nothing else here: what is written to between two forks is copied once more.
            for channel in channels:
                pid = fork()
                if pid == 0:
                    break
                told(pid)
        except OSError as error:
            failure = errno.errorcode.get(error.errno, 'EAGAIN')
        else:
            if channels and pid == 0:
                leave_launcher(control, channels, channel, woken, wake)
                return become(channel)
        for channel in channels:
            posix.close(channel)
        for id, pid in zip(ids, pids):
            try:
                posix.setpgid(pid, pid)  # The worker does it too: whoever is told of it may signal its group at once.
            except OSError:
                pass
            control.report('forked', id.decode(), pid)
        for id in ids[len(pids) :]:
            control.report('unforked', id.decode(), failure)
        if time.monotonic() - looked_at > 1:
            looked_at = time.monotonic()
            changed = stash.changed_file()
            if changed is not None:
                control.report('stale', changed)
        control.flush()
        queue = []
        for descriptor, _ in poll.poll():
            if descriptor == CONTROL:
                queue = control.lines()
            else:
                posix.read(woken, 4096)
                reap(control, stash, kept)


def leave_launcher(control, channels, channel, woken, wake):
    """In a worker, at once: of what the launcher has, it keeps its own channel."""
    sys.modules.pop('resource', None)
    _signal.set_wakeup_fd(-1)
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    posix.setpgid(0, 0)
    posix.close(woken)
    posix.close(wake)
    control.socket.detach()
    posix.close(CONTROL)
    for other in channels:
        if other != channel:
            posix.close(other)
    for other in control.descriptors:
        posix.close(other)


def reap(control, stash, kept):
    while True:
        try:
            pid, status, usage = posix.wait4(-1, posix.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        cpu = int((usage.ru_utime + usage.ru_stime) * 1000000)
        resident = usage.ru_maxrss * (1 if sys.platform == 'darwin' else 1024)
        control.report('ended', pid, status, cpu, resident)
        note = kept.take_note(pid)
        if note is not None:
            script, modules, reason = note
            learned = [name for name in modules if stash.is_news(name)]
            if learned:
                control.report('learned', *learned)
            if reason:
                control.report('cold', script, reason)
