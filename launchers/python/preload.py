"""Loads modules ahead, those that survive it: what starts threads, opens descriptors, prints, warns, changes the
process or does not live through a fork is found out in a process of its own first, and left out."""

import _locale
import _signal
import _thread
import atexit
import builtins
import gc
import os
import posix
import select
import sys
import time
import warnings

Stash = part('stash')['Stash']
bootstrap = sys.modules['_frozen_importlib']

TRIAL_SECONDS = 10


def preload(names, folder, fresh_modules, report):
    """Returns what was loaded, out of sight. `report` takes the words of the contract's lines."""
    stash = Stash(fresh_modules)
    asked = {name[1:] for name in names if name.startswith('+')}
    names = [name for name in dict.fromkeys(name.lstrip('+') for name in names) if name not in sys.modules]
    while names:
        name, reason = trial(names, folder, asked)
        if name is None:
            break
        report('left', name, reason)
        stash.told.add(name)
        names.remove(name)
    record = Record()
    with record:
        for name in names:
            start = time.monotonic()
            try:
                __import__(name)
            except BaseException as error:
                report('left', name, 'cannot be imported: %s' % type(error).__name__)
                continue
            took = int((time.monotonic() - start) * 1000000)
            if took >= 100:
                report('step', 'load ' + name, took)
    stash.postponed = record.postponed
    stash.hide(record.imports)
    return stash


def trial(names, folder, asked):
    """In a process of its own: the first module that may not be loaded ahead, and why; (None, None) if all may."""
    told, tell = posix.pipe()
    pid = posix.fork()
    if pid == 0:
        try:
            posix.close(told)
            posix.setpgid(0, 0)
            words = posix.open(folder + b'/trial', posix.O_RDWR | posix.O_CREAT | posix.O_TRUNC, 0o600)
            posix.dup2(words, 1)
            posix.dup2(words, 2)
            questions = Questions()
            for name in names:
                questions.watch()
                _signal.alarm(2 * TRIAL_SECONDS)  # The launcher may be gone by then.
                posix.write(tell, b'n' + name.encode('utf-8', 'surrogateescape') + b'\n')
                reason = try_one(name, words, name in asked, questions.asked)
                if reason is not None:
                    posix.write(tell, b'r' + reason.encode('utf-8', 'replace') + b'\n')
                    posix._exit(0)
            posix.write(tell, b'e\n')
        finally:
            posix._exit(0)
    posix.close(tell)
    name, reason, heard, deadline = names[0], 'ends the process', b'', time.monotonic() + TRIAL_SECONDS
    poll = select.poll()
    poll.register(told, select.POLLIN)
    while True:
        if not poll.poll(max(0, (deadline - time.monotonic()) * 1000)):
            reason = 'takes longer than %d s' % TRIAL_SECONDS
            break
        data = posix.read(told, 65536)
        if not data:
            break
        *lines, heard = (heard + data).split(b'\n')
        for line in lines:
            kind, text = line[:1], line[1:].decode('utf-8', 'surrogateescape')
            if kind == b'n':
                name, deadline = text, time.monotonic() + TRIAL_SECONDS
            elif kind == b'r':
                reason = text
            elif kind == b'e':
                name = None
    posix.close(told)
    for victim in (-pid, pid):
        try:
            posix.kill(victim, _signal.SIGKILL)
        except OSError:
            pass
    posix.waitpid(pid, 0)
    return (name, reason) if name is not None else (None, None)


def try_one(name, words, is_asked, questions):
    before = state(words)
    loaded = len(sys.modules)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter('always')
        filters = list(warnings.filters)
        try:
            __import__(name)
        except BaseException as error:
            if isinstance(error, ModuleNotFoundError) and error.name and (name + '.').startswith(error.name + '.'):
                return 'not found'
            return 'cannot be imported: %s' % type(error).__name__
        changed = [what for what, value in state(words).items() if value != before[what]]
        if warnings.filters != filters:
            changed.append('filters of warnings')
    if warned:
        return 'warns: %s' % str(warned[0].message).split('\n')[0][:200]
    if changed:
        return 'changes the %s' % ', the '.join(changed)
    if questions:
        return 'asks for %s while it loads' % questions[0]
    if not is_asked and not belongs(sys.modules.get(name)):
        return 'is not of the interpreter or its packages'
    if len(sys.modules) != loaded and not survives_fork():
        return 'does not survive a fork'
    return None


# What would be the same for every request, where a module keeps the answer.
QUESTIONS = {
    'os': {'urandom': 'random bytes', 'getrandom': 'random bytes', 'getpid': 'its process', 'getppid': 'its parent'},
    'time': {'time': 'the time', 'time_ns': 'the time', 'monotonic': 'the time', 'perf_counter': 'the time'},
    'random': {
        name: 'random numbers'
        for name in ('_urandom', 'random', 'randint', 'randrange', 'choice', 'choices', 'sample', 'shuffle', 'uniform')
    },
}
# What these keep is set anew when a script imports them.
MAY_ASK = {'logging', __name__}


class Questions:
    """In a trial: what modules ask for while they load."""

    def __init__(self):
        self.asked = []
        self.watched = set()
        asked = self.asked

        class Environment(type(os.environ)):
            def __getitem__(self, name):
                if isinstance(name, str) and (name.startswith('HTTP_') or name in OF_REQUEST):
                    asked.append('the variables of a request')
                return super().__getitem__(name)

        os.environ.__class__ = Environment

    def watch(self):
        """Again where one of these modules has been loaded meanwhile."""
        for module, questions in QUESTIONS.items():
            if module in sys.modules and module not in self.watched:
                self.watched.add(module)
                for name, what in questions.items():
                    function = getattr(sys.modules[module], name, None)
                    if function is not None:
                        setattr(sys.modules[module], name, self.noted(function, what))

    def noted(self, function, what):
        def ask(*args, **kwargs):
            if sys._getframe(1).f_globals.get('__name__') not in MAY_ASK:
                self.asked.append(what)
            return function(*args, **kwargs)

        return ask


OF_REQUEST = frozenset(
    'AUTH_TYPE CONTENT_LENGTH CONTENT_TYPE DOCUMENT_ROOT GATEWAY_INTERFACE HTTPS PATH_INFO PATH_TRANSLATED QUERY_STRING '
    'REDIRECT_STATUS REMOTE_ADDR REMOTE_HOST REMOTE_PORT REMOTE_USER REQUEST_METHOD REQUEST_SCHEME REQUEST_URI '
    'SCRIPT_FILENAME SCRIPT_NAME SERVER_ADDR SERVER_NAME SERVER_PORT SERVER_PROTOCOL SERVER_SOFTWARE UNIQUE_ID'.split()
)


def state(words):
    """What a module must leave as it was."""
    try:
        threads = len(posix.listdir('/proc/self/task'))
    except OSError:
        threads = _thread._count()
    try:
        with open('/proc/self/status') as file:
            masks = [line for line in file if line.startswith('Sig') and not line.startswith('SigQ')]
    except OSError:
        masks = None
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass  # Another one has taken its place, as is said below.
    umask = posix.umask(0)
    posix.umask(umask)
    try:
        posix.waitpid(-1, posix.WNOHANG)
        children = True
    except ChildProcessError:
        children = False
    return {
        'threads': threads,
        'open descriptors': frozenset(posix.listdir('/dev/fd')),
        'child processes': children,
        'signals': [masks] + [_signal.getsignal(number) for number in range(1, _signal.NSIG) if number not in (9, 19)],
        'environment': dict(os.environ),
        'working folder': posix.getcwd(),
        'umask': umask,
        'locale': _locale.setlocale(_locale.LC_ALL, None),
        'output': posix.fstat(words).st_size,
        'search path': (list(sys.path), list(sys.meta_path), list(sys.path_hooks)),
        'standard streams': (sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__, sys.__stderr__),
        'hooks': (sys.excepthook, sys.displayhook, sys.unraisablehook, sys.gettrace(), sys.getprofile()),
        'built-in names': sorted(vars(builtins)),
        'limits': (sys.getrecursionlimit(), sys.getswitchinterval(), gc.isenabled(), gc.get_threshold()),
        'arguments': list(sys.argv),
    }


def survives_fork():
    pid = posix.fork()
    if pid == 0:
        gc.collect()
        posix._exit(0)
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        done, status = posix.waitpid(pid, posix.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.001)
    posix.kill(pid, _signal.SIGKILL)
    posix.waitpid(pid, 0)
    return False


def library_folders():
    """The folders of the interpreter's own library and of its packages; those of PYTHONPATH are the site's own."""
    own = set()
    if not sys.flags.ignore_environment:
        own = set(os.environ.get('PYTHONPATH', '').split(':'))
    return tuple(folder + '/' for folder in sys.path if folder not in own and folder.startswith('/'))


LIBRARIES = library_folders()


def belongs(module):
    """Whether it is the interpreter's own or an installed package's."""
    spec = getattr(module, '__spec__', None)
    if spec is None:
        return False
    if spec.origin in ('built-in', 'frozen'):
        return True
    return isinstance(spec.origin, str) and spec.origin.startswith(LIBRARIES)


class Record:
    """While modules are loaded: which module imports which, and what each registers with atexit and for forks. Neither
    is done before a script imports the module: its hooks would run in every worker, for nothing."""

    def __init__(self):
        self.imports = {}
        self.postponed = {}
        self.loading = []
        self.loaded = set()
        # What stands in registries of modules: (registry, key); and what of it other modules put there.
        self.entries = []
        self.foreign = []

    def note(self, name):
        if self.loading:
            names = self.imports.setdefault(self.loading[-1], [])
            if name not in names:
                names.append(name)

    def __enter__(self):
        self.before = (builtins.__import__, bootstrap._find_and_load, atexit.register, os.register_at_fork)
        built_in_import, find_and_load, register, register_at_fork = self.before

        def record_import(name, globals=None, locals=None, fromlist=(), level=0):
            module = built_in_import(name, globals, locals, fromlist, level)
            if self.loading:
                absolute = name
                if level > 0:
                    absolute = bootstrap._resolve_name(name, bootstrap._calc___package__(globals), level)
                parts = absolute.split('.')
                names = ['.'.join(parts[: at + 1]) for at in range(len(parts))]
                for other in names + ['%s.%s' % (absolute, item) for item in fromlist or ()]:
                    if other in sys.modules:
                        self.note(other)
            return module

        def record_loading(name, import_):
            self.note(name)
            self.loading.append(name)
            before = len(sys.modules)
            try:
                return find_and_load(name, import_)
            finally:
                # Some put modules there by hand.
                for other in list(sys.modules)[before:]:
                    if other != name and other not in self.loaded:
                        self.note(other)
                        self.loaded.add(other)
                self.loaded.add(name)
                self.register_later(name)
                if name == 'logging':
                    self.postpone(settle_logging)
                self.loading.pop()

        def record_register(function, *args, **kwargs):
            if not self.loading:
                return register(function, *args, **kwargs)
            self.postpone(lambda: register(function, *args, **kwargs))
            return function

        def record_register_at_fork(**hooks):
            if not self.loading:
                return register_at_fork(**hooks)

            name = self.loading[-1]

            def catch_up():
                register_at_fork(**hooks)
                hooks.get('after_in_child', do_nothing)()
                if name == 'threading':
                    settle_main_thread(sys.modules['threading'])

            self.postpone(catch_up)

        builtins.__import__ = record_import
        bootstrap._find_and_load = record_loading
        atexit.register = record_register
        os.register_at_fork = record_register_at_fork

    def registries(self):
        """Where modules are known to leave something of theirs that others show."""
        found = []
        if 'copyreg' in sys.modules:
            found.append(sys.modules['copyreg'].dispatch_table)
        logging = sys.modules.get('logging')
        if hasattr(logging, 'root'):
            found.append(logging.root.manager.loggerDict)
        return found

    def register_later(self, name):
        for registry in self.registries():
            for key, value in list(registry.items()):
                if any(registry is other and key == known for other, known in self.entries):
                    continue
                self.entries.append((registry, key))
                if name not in ('copyreg', 'logging'):
                    self.postpone(lambda registry=registry, key=key, value=value: registry.setdefault(key, value))
                    self.foreign.append((registry, key))

    def postpone(self, act):
        self.postponed.setdefault(self.loading[-1], []).append(act)

    def __exit__(self, *error):
        builtins.__import__, bootstrap._find_and_load, atexit.register, os.register_at_fork = self.before
        for registry, key in self.foreign:
            registry.pop(key, None)


def do_nothing():
    pass


def settle_logging():
    """`logging` counts from the time at which it was loaded."""
    logging = sys.modules['logging']
    if isinstance(getattr(logging, '_startTime', None), float):
        logging._startTime = time.time()
    elif isinstance(getattr(logging, '_startTime', None), int):
        logging._startTime = time.time_ns()


def settle_main_thread(threading):
    """What `threading` notes of the main thread when it is imported, and does not when the process was forked after."""
    main = threading.main_thread()
    set_native_id = getattr(main, '_set_native_id', None)
    if set_native_id is not None:
        set_native_id()
    lock = getattr(main, '_tstate_lock', None)
    if lock is not None and hasattr(threading, '_shutdown_locks'):
        threading._shutdown_locks.add(lock)
