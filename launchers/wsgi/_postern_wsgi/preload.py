"""Preload: the process that has loaded the application forks workers when the server tells it to. README.md, "Preload"."""

import errno
import gc
import json
import os
import select
import signal
import sys
import threading

from .connection import Connection
from .worker import hello


def fork_on_command(path):
    """Returns True in a worker, and False in this process once its connection has ended."""
    try:
        connection = Connection(path)
        connection.send_frame(b'H', hello(preload=True))
        return Forker(connection).run()
    except OSError:
        return False


class Forker:
    def __init__(self, connection):
        self.connection = connection
        self.workers = set()
        self.woken, self.wake = os.pipe()
        os.set_blocking(self.woken, False)
        os.set_blocking(self.wake, False)

    def run(self):
        others = threading.active_count() - 1
        if others:
            sys.stderr.write(
                'postern: the application started %d thread(s) while it was loaded; with --preload, '
                'its workers do not have them\n' % others
            )
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        # What is there already is never looked at again by the collector, and so stays shared between the workers.
        gc.collect()
        gc.freeze()
        poll = select.poll()
        poll.register(self.connection.socket, select.POLLIN)
        poll.register(self.woken, select.POLLIN)
        while True:
            ready = [descriptor for descriptor, _ in poll.poll()]
            if self.woken in ready:
                os.read(self.woken, 4096)
                self.reap()
            if self.connection.socket.fileno() in ready:
                is_worker = self.take()
                # More than one frame may have come in one read.
                while is_worker is None and self.connection.kept:
                    is_worker = self.take()
                if is_worker is not None:
                    return is_worker

    def take(self):
        """None: there is more to come. True: we are a worker. False: the connection has ended."""
        frame = self.connection.frame()
        if frame is None:
            return False
        if frame[0] == b'P':
            return self.fork()
        return None

    def fork(self):
        try:
            pid = os.fork()
        except OSError as failure:
            self.tell(b'P', {'error': errno.errorcode.get(failure.errno, 'EAGAIN')})
            return None
        if pid == 0:
            self.leave()
            return True
        try:
            os.setpgid(pid, pid)  # The worker does it too: who is told of it may signal its group at once.
        except OSError:
            pass
        self.workers.add(pid)
        self.tell(b'P', {'pid': pid})
        return None

    def leave(self):
        """In a worker: it keeps nothing of this."""
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.connection.close()
        os.close(self.woken)
        os.close(self.wake)

    def reap(self):
        """Our workers alone: an application may have started processes of its own, and may wait for them."""
        for pid in list(self.workers):
            try:
                ended, status, usage = os.wait4(pid, os.WNOHANG)
            except ChildProcessError:
                self.workers.discard(pid)
                continue
            if ended:
                self.workers.discard(pid)
                cpu = round((usage.ru_utime + usage.ru_stime) * 1e6)
                # In kilobytes, but on macOS in bytes.
                size = usage.ru_maxrss * (1 if sys.platform == 'darwin' else 1024)
                self.tell(b'G', {'pid': pid, 'status': status, 'cpuMicroseconds': cpu, 'maxRssBytes': size})

    def tell(self, kind, report):
        self.connection.send_frame(kind, json.dumps(report).encode())
