"""The end of a script as the interpreter itself would end it (Py_RunMain and Py_FinalizeEx), but for the taking apart
of modules that were loaded ahead: to touch them all would copy the memory that this process shares with the launcher.
"""

import _signal
import atexit
import gc
import posix
import sys

modules = sys.modules
FAILED_FLUSH = 120


class Ending:
    def __init__(self, baseline, hidden, last_act):
        self.baseline = baseline
        self.hidden = hidden
        self.last_act = last_act

    def finish(self, error):
        """Never returns."""
        status, is_interrupt = self.wind_up(error)
        error = None
        if is_interrupt:
            _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
            posix.kill(posix.getpid(), _signal.SIGINT)
        posix._exit(status & 0xFF)

    def wind_up(self, error):
        """All but the end itself. Returns the exit status, and whether an interrupt ended the script."""
        is_interrupt = False
        status = 0
        if error is not None:
            without_launcher(error)
            status, is_interrupt = self.outcome(error)
            error = None
        flush_quietly()
        threading = modules.get('threading')
        if threading is not None:
            try:
                threading._shutdown()
            except BaseException as failure:
                unraisable(failure, threading)
        try:
            atexit._run_exitfuncs()
        except BaseException:
            pass  # Said already; Python 3.9 and older raise the last one again.
        self.last_act()
        if not flush():
            status = FAILED_FLUSH
        self.take_apart()
        flush_quietly()
        return status, is_interrupt

    def outcome(self, error):
        """The exit status, and whether it was an interrupt that nobody caught. Says what has to be said."""
        if isinstance(error, SystemExit):
            return exit_status(error), False
        kind, trace = type(error), error.__traceback__
        sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
        if sys.version_info >= (3, 12):
            sys.last_exc = error
        hook = getattr(sys, 'excepthook', None)
        if hook is None:
            sys.stderr.write('sys.excepthook is missing\n')
            sys.__excepthook__(kind, error, trace)
            return 1, False
        flush_quietly()
        try:
            hook(kind, error, trace)
        except SystemExit as failure:
            return exit_status(failure), False
        except BaseException as failure:
            without_launcher(failure)
            sys.stderr.write('Error in sys.excepthook:\n')
            sys.__excepthook__(type(failure), failure, failure.__traceback__)
            sys.stderr.write('\nOriginal exception was:\n')
            sys.__excepthook__(kind, error, trace)
        return 1, isinstance(error, KeyboardInterrupt)

    def take_apart(self):
        """What is the script's own and the site's goes, with the finalizers that this sets off."""
        sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__
        own = [name for name in modules if name not in self.baseline and name not in self.hidden]
        for name in ['__main__', *own]:
            modules[name] = None
        gc.collect()


def without_launcher(error):
    """The launcher's own frame, or that of this file, is the outermost one."""
    trace = error.__traceback__
    if trace is not None:
        error.__traceback__ = trace.tb_next


def exit_status(error):
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code if -(1 << 63) <= code < 1 << 63 else -1
    stderr = getattr(sys, 'stderr', None)
    try:
        if stderr is not None:
            stderr.write(str(code))
            stderr.write('\n')
    except BaseException:
        pass
    return 1


def flush_quietly():
    for stream in (getattr(sys, 'stderr', None), getattr(sys, 'stdout', None)):
        try:
            stream.flush()
        except BaseException:
            pass


def flush():
    """False where something written is lost (Py_FinalizeEx: exit status 120)."""
    whole = True
    for stream, is_told in ((getattr(sys, 'stdout', None), True), (getattr(sys, 'stderr', None), False)):
        if stream is None or getattr(stream, 'closed', False):
            continue
        try:
            stream.flush()
        except BaseException as failure:
            if is_told:
                unraisable(failure, stream)
            whole = False
    return whole


def unraisable(failure, what):
    trace = failure.__traceback__
    try:
        sys.unraisablehook(sys.UnraisableHookArgs((type(failure), failure, trace and trace.tb_next, None, what)))
    except BaseException:
        pass
