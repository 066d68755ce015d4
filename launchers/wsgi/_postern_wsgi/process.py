"""The process: settings, signals, loading, threads, and its end."""

import faulthandler
import json
import os
import signal
import sys
import threading
import time

from . import loading, preload, trace, worker
from .files import LoadedFiles

CANNOT_LOAD = 3
NOT_THERE = 4
# How long an application's atexit handlers and threads may hold up the end.
END_SECONDS = 5


def run(path):
    settings = json.loads(os.environ.pop('POSTERN_APPLICATION'))
    set_signals()
    set_streams()
    application = load(settings)
    files = LoadedFiles() if settings.get('reload') else None
    if settings.get('lint'):
        from . import lint

        application = lint.linted(application)
    if settings.get('preload') and not preload.fork_on_command(path):
        return  # Its connection has ended, and with it the process.
    serve(path, settings, application, files)
    end_soon()


def set_signals():
    faulthandler.enable(file=2)
    faulthandler.register(signal.SIGUSR2, file=2, all_threads=True, chain=False)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # The server is told of Ctrl-C, and ends us. A handler, unlike SIG_IGN, is not handed on to programs that are started.
    signal.signal(signal.SIGINT, lambda number, frame: None)


def set_streams():
    """What is printed goes out line by line; with `-u` alone, each piece of a line would be a write of its own."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, write_through=False, errors='backslashreplace')


def load(settings):
    folder = os.path.abspath(settings.get('folder') or '.')
    try:
        os.chdir(folder)
        sys.path.insert(0, folder)
        return loading.load(settings['application'], folder)
    except loading.CannotLoad as failure:
        sys.stderr.write('%s\n' % failure)
        status = NOT_THERE if isinstance(failure, loading.NotThere) else CANNOT_LOAD
    except BaseException as failure:
        sys.stderr.write(trace.text_of(failure))
        status = CANNOT_LOAD
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def serve(path, settings, application, files):
    """Returns when all connections have ended."""
    threads = settings.get('threads') or 1
    is_multiple = bool(settings.get('processes'))
    make = lambda: worker.Worker(path, application, threads > 1, is_multiple, files)
    if threads == 1:
        return make().serve()
    running = [threading.Thread(target=make().serve, name='postern-%d' % (n + 1), daemon=True) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def end_soon():
    """The interpreter ends as usual, with its atexit handlers; but it does end."""

    def end():
        time.sleep(END_SECONDS)
        os._exit(0)

    try:
        threading.Thread(target=end, daemon=True).start()
    except RuntimeError:
        os._exit(0)
