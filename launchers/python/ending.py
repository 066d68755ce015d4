"""The end of a script as the interpreter itself would end it (Py_RunMain and Py_FinalizeEx), but for the taking apart
of modules that were loaded ahead: to touch them all would copy the memory that this process shares with the launcher.
"""

import _signal
import atexit
import gc
import posix
import sys
from itertools import islice

modules = sys.modules
FAILED_FLUSH = 120
HOOKS = {name: getattr(sys, name) for name in ('excepthook', 'displayhook', 'unraisablehook', 'breakpointhook')}
# Where scripts most often leave things; what has come on top is theirs.
SIZES = [(vars(modules[name]), len(vars(modules[name]))) for name in ('os', 'sys', 'builtins')]
OWN_FILES = part.__code__.co_filename.rpartition('/')[0] + '/'


class Ending:
    def __init__(self, stash, last_act, leave):
        self.stash = stash
        self.last_act = last_act
        self.leave = leave

    def finish(self, error):
        """Never returns."""
        status, is_interrupt = self.wind_up(error)
        if is_interrupt:
            _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
            posix.kill(posix.getpid(), _signal.SIGINT)
        self.leave()
        posix._exit(status & 0xFF)

    def wind_up(self, error):
        """All but the end itself. Returns the exit status, and whether an interrupt ended the script."""
        status, is_interrupt = 0, False
        if error is not None:
            without_launcher(error)
            status, is_interrupt = outcome(error)
            error = None
        flush_quietly()
        threading = modules.get('threading')
        if threading is not None:
            try:
                threading._shutdown()
            except BaseException as failure:
                say_ignored(failure, threading)
        if atexit._ncallbacks():
            run_at_exit()
        if not flush():
            status = FAILED_FLUSH
        # Not before: where the script has closed its descriptors, what is opened now takes their place.
        try:
            tell = self.last_act()
        except BaseException:
            tell = None  # A module of the script's own may raise when it is looked at.
        foreign = modules.get('_ctypes')
        self.take_apart()
        flush_quietly()
        if foreign is not None:
            flush_foreign(foreign)
        if tell is not None:
            tell()
        return status, is_interrupt

    def take_apart(self):
        """What is the script's own and the site's goes, with the finalizers that this sets off."""
        for name, hook in HOOKS.items():
            if getattr(sys, name, None) is not hook:
                setattr(sys, name, hook)
        sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__
        sys.unraisablehook = say_without_source
        for names, size in SIZES:
            if len(names) > size:
                for added in list(names)[size:]:
                    del names[added]
        fresh, known = len(self.stash.baseline), self.stash.known
        for name in list(islice(reversed(modules), max(0, len(modules) - fresh))):
            if name not in known and name not in self.stash.baseline:
                modules[name] = None
        modules['__main__'] = None
        gc.collect()


def run_at_exit():
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = say_without_launcher
    try:
        atexit._run_exitfuncs()
    except BaseException:
        pass  # Said already; Python 3.9 and older raise the last one again.
    if sys.unraisablehook is say_without_launcher:
        sys.unraisablehook = sys.__unraisablehook__


def outcome(error):
    """The exit status, and whether it was an interrupt that nobody caught. Says what has to be said."""
    if isinstance(error, SystemExit):
        return exit_status(error), False
    kind, trace = type(error), error.__traceback__
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    hook = getattr(sys, 'excepthook', None)
    sys.audit('sys.excepthook', hook, kind, error, trace)
    if hook is None:
        sys.stderr.write('sys.excepthook is missing\n')
        sys.__excepthook__(kind, error, trace)
        return 1, False
    flush_quietly()
    failure = None
    try:
        hook(kind, error, trace)
    except BaseException as another:
        failure = another
    if isinstance(failure, SystemExit):
        return exit_status(failure), False
    if failure is not None:
        without_launcher(failure)
        sys.stderr.write('Error in sys.excepthook:\n')
        sys.__excepthook__(type(failure), failure, failure.__traceback__)
        sys.stderr.write('\nOriginal exception was:\n')
        sys.__excepthook__(kind, error, trace)
    return 1, isinstance(error, KeyboardInterrupt)


def without_launcher(error):
    error.__traceback__ = trimmed(error.__traceback__)


def trimmed(trace):
    """Without the outermost frames, which are the launcher's."""
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(OWN_FILES):
        trace = trace.tb_next
    return trace


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


def flush_foreign(ctypes):
    """What the script has had a library in C write, and lies in that one's buffers."""
    try:
        ctypes.call_function(ctypes.dlsym(ctypes.dlopen(None, 0), 'fflush'), (None,))
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
                say_ignored(failure, stream)
            whole = False
    return whole


def unraisable_hook_args():
    """The type of what the hook is given; it has no public name."""
    seen = []

    class Fails:
        def __del__(self):
            raise ValueError

    sys.unraisablehook = lambda args: seen.append(type(args))
    Fails()
    sys.unraisablehook = sys.__unraisablehook__
    return seen[0]


UnraisableHookArgs = unraisable_hook_args()


def say_ignored(failure, what):
    trace = trimmed(failure.__traceback__)
    try:
        sys.unraisablehook(UnraisableHookArgs((type(failure), failure, trace, None, what)))
    except BaseException:
        pass


def say_without_launcher(args):
    trace = trimmed(args.exc_traceback)
    sys.__unraisablehook__(UnraisableHookArgs((args.exc_type, args.exc_value, trace, args.err_msg, args.object)))


def say_without_source(args):
    """When modules are taken apart, the interpreter can no longer read source lines."""
    kind, trace = args.exc_type, trimmed(args.exc_traceback)
    lines = ['%s: %r\n' % (args.err_msg or 'Exception ignored in', args.object)]
    if trace is not None:
        lines.append('Traceback (most recent call last):\n')
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append('  File "%s", line %d, in %s\n' % (code.co_filename, trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    name = kind.__qualname__ if kind.__module__ in ('builtins', '__main__') else kind.__module__ + '.' + kind.__qualname__
    text = str(args.exc_value)
    lines.append(name + (': ' + text if text else '') + '\n')
    try:
        sys.stderr.write(''.join(lines))
    except BaseException:
        pass
