"""The compiled code of scripts, kept by the launcher and so by every worker forked after, and the notes by which a
worker that has ended tells what it ran and loaded. A worker finds out itself, each time, whether the file is still
the one that was compiled."""

import io
import posix
import posixpath
import sys
import time
import warnings
from os import fsdecode
from stat import S_ISREG

MOST_SCRIPTS = 256
LARGEST_SOURCE = 4 * 1024 * 1024
LARGEST_NOTE = 65536
# A file that was written again within the resolution of its time would look the same.
SETTLED_NANOSECONDS = 2000000000


def identity(status):
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev)


def folder_of(script):
    """Of the file that links lead to."""
    path = posixpath.realpath(script)
    return path[: path.rindex('/') or 1]


class KeptCode:
    def __init__(self, folder, is_clean):
        self.folder = folder
        self.leaving = folder + b'/leaving'
        self.is_clean = is_clean
        self.codes = {}
        # path -> the folder of its file, its device and inode, and when it was last written to, where nothing in it takes
        # the place of a module that was loaded ahead
        self.folders = {}
        self.refused = {}

    def code(self, path):
        """The code of the file as it is now, or None."""
        kept = self.codes.get(path)
        if kept is not None and kept[0] == identity(posix.stat(path)):
            return kept[1]
        return None

    def is_refused(self, path):
        return path in self.refused and self.refused[path] == identity(posix.stat(path))

    def say_leaving(self, pid):
        try:
            descriptor = posix.open(self.leaving, posix.O_WRONLY | posix.O_NONBLOCK)
            posix.write(descriptor, b'%d\n' % pid)
        except BaseException:
            pass  # There is no FIFO, it cannot reach it any more, or the script wants to hear of each file.

    def note_path(self, pid):
        return self.folder + b'/%d' % pid

    def write_note(self, script, modules, reason):
        """In a worker that ends: whatever the script did to this process, nothing may be printed or raised."""
        try:
            flags = posix.O_WRONLY | posix.O_CREAT | posix.O_EXCL | getattr(posix, 'O_CLOEXEC', 0)
            descriptor = posix.open(self.note_path(posix.getpid()), flags, 0o600)
            words = [script or b'', reason.encode(), *(name.encode('utf-8', 'surrogateescape') for name in modules)]
            posix.write(descriptor, b'\0'.join(words))
        except BaseException:
            pass

    def take_note(self, pid):
        """(script, modules that it loaded, why a worker cannot be it or empty); None: there is nothing to tell. Keeps the
        code of the script."""
        path = self.note_path(pid)
        try:
            # Whatever a script has put there instead: a named pipe must not be waited for.
            descriptor = posix.open(path, posix.O_RDONLY | posix.O_NOFOLLOW | posix.O_NONBLOCK)
        except OSError:
            return None
        try:
            posix.unlink(path)
            # Security: a script may have written this; it is text and nothing that is built from it.
            script, reason, *modules = posix.read(descriptor, LARGEST_NOTE).split(b'\0')
            if script and not reason:
                self.keep(script)
            return script, [name.decode('utf-8', 'surrogateescape') for name in modules], reason
        except Exception:
            return None
        finally:
            posix.close(descriptor)

    def keep(self, path):
        # Without waiting: whatever a script has named here need not be a file.
        descriptor = posix.open(path, posix.O_RDONLY | posix.O_NONBLOCK | getattr(posix, 'O_CLOEXEC', 0))
        with io.open(descriptor, 'rb') as file:
            before = posix.fstat(descriptor)
            if not S_ISREG(before.st_mode):
                return
            source = file.read(LARGEST_SOURCE + 1)
            after = posix.fstat(descriptor)
        written = max(after.st_mtime_ns, after.st_ctime_ns)
        if identity(before) != identity(after) or written > time.time_ns() - SETTLED_NANOSECONDS:
            return
        while len(self.codes) >= MOST_SCRIPTS:
            oldest = next(iter(self.codes))
            del self.codes[oldest], self.folders[oldest]
        while len(self.refused) >= MOST_SCRIPTS:
            del self.refused[next(iter(self.refused))]
        code = None if len(source) > LARGEST_SOURCE else compiled_quietly(source, path)
        if code is None:
            self.refused[path] = identity(after)
        else:
            self.codes[path] = (identity(after), code)
            folder = folder_of(fsdecode(path))
            status = posix.stat(folder)
            is_settled = status.st_ctime_ns < time.time_ns() - SETTLED_NANOSECONDS
            is_clean = is_settled and self.is_clean(posix.listdir(folder))
            clean_since = status.st_ctime_ns if is_clean else None
            self.folders[path] = (folder, status.st_dev, status.st_ino, clean_since)


def compiled_quietly(source, path):
    """None where compiling fails, warns or imports something: then each worker does it, as each script would. It is
    tried in a process of its own, which may go wrong in any way."""
    script = fsdecode(path)
    pid = posix.fork()
    if pid == 0:
        status = 1
        try:
            sys.modules['warnings'] = warnings
            before = len(sys.modules)
            warnings.simplefilter('error')
            warnings.showwarning = None
            compile(source, script, 'exec', dont_inherit=True)
            if len(sys.modules) == before:
                status = 0
        except BaseException:
            pass
        posix._exit(status)
    _, status = posix.waitpid(pid, 0)
    return compile(source, script, 'exec', dont_inherit=True) if status == 0 else None
