"""Modules that were loaded ahead, out of sight. In a worker `sys.modules` begins as in a fresh process; when the script
imports one of these, it and all that it imports itself appear there, in the order of a real import."""

import builtins
import posix
import sys

modules = sys.modules
bootstrap = modules['_frozen_importlib']


class Stash:
    def __init__(self, baseline):
        self.baseline = frozenset(baseline)
        # name -> what importing it brings into sight: modules by name, in order; attributes of packages; names of those
        # that have postponed something
        self.hidden = {}
        # name -> what it registered, as functions that do it now
        self.postponed = {}
        self.fresh_folders = frozenset(sys.path_importer_cache)
        self.files = {}
        self.told = set()
        self.path = None
        self.hooks = None
        # Of the script, where the launcher has looked into it already.
        self.clean_folder = None
        # How many have come into sight.
        self.restored = 0
        self.find_and_load = bootstrap._find_and_load

    def hide(self, imports):
        """Takes what is loaded and not part of a fresh process out of sight. `imports`: name -> names."""
        objects, attributes = {}, {}
        for name in [name for name in modules if name not in self.baseline]:
            module = objects[name] = modules.pop(name)
            package, _, last = name.rpartition('.')
            holder = objects.get(package) or modules.get(package)
            # Not one that the package cannot be without: it is there from the start.
            if holder is not None and holder.__dict__.get(last) is module and name not in imports.get(package, ()):
                delattr(holder, last)
                attributes[name] = (holder.__dict__, last, module)
            self.watch(getattr(module, '__file__', None))
        # Copies of the names, side by side: a worker writes to what it uses (reference counts), page by page.
        copies = {name: name.encode().decode() for name in objects}
        for name in objects:
            order = bring(name, imports, objects)
            self.hidden[name] = (
                {copies[other]: objects[other] for other in order},
                [attributes[other] for other in order if other in attributes],
                [other for other in order if other in self.postponed],
            )
        for folder in sys.path:
            self.watch(folder)
        for folder in [folder for folder in sys.path_importer_cache if folder not in self.fresh_folders]:
            del sys.path_importer_cache[folder]
        self.path = self.start_path = list(sys.path)
        self.hooks = (list(sys.meta_path), list(sys.path_hooks), builtins.__import__)
        self.known = frozenset(self.hidden)
        self.tops = frozenset(name.partition('.')[0] for name in self.hidden)
        bootstrap._find_and_load = self.importer()

    def importer(self):
        """What the import statement calls for a name that is not in sys.modules."""
        hidden, find_and_load = self.hidden, self.find_and_load
        usable, restore = self.usable, self.restore

        def _find_and_load(name, import_):
            if name in hidden and name not in modules and usable(name):
                restore(name)
                return modules[name]
            return find_and_load(name, import_)

        # Its frame is cut out of tracebacks as those of the import system itself are.
        _find_and_load.__code__ = _find_and_load.__code__.replace(co_filename='<frozen importlib._bootstrap>')
        return _find_and_load

    def restore(self, name):
        before = len(modules)
        brought, attributes, postponed = self.hidden[name]
        modules.update(brought)
        for names, last, module in attributes:
            names[last] = module
        self.restored += len(modules) - before
        for other in postponed:
            for act in self.postponed.pop(other, ()):
                act()

    def forget_restored(self):
        """After a rehearsal: sight is as it was."""
        for name in [name for name in modules if name in self.known]:
            del modules[name]
        self.restored = 0
        self.clean_folder = None
        self.path = list(self.start_path)

    def usable(self, name):
        """Whether the search that the import system would make leads to what was loaded ahead."""
        if sys.path != self.path:
            self.see([folder for folder in sys.path if folder not in self.path and folder != self.clean_folder])
            if any(folder not in sys.path for folder in self.path):
                self.hidden.clear()
            self.path = list(sys.path)
        if (sys.meta_path, sys.path_hooks, builtins.__import__) != self.hooks:
            self.hidden.clear()
        if name not in self.hidden:
            return False
        brought = self.hidden[name][0]
        # The script may have put something else in the place of one of them.
        replaced = {other for other in brought.keys() & modules.keys() if modules[other] is not brought[other]}
        if replaced:
            self.shadow({other.partition('.')[0] for other in replaced})
        return name in self.hidden

    def see(self, folders):
        """A module of the site's own that is found before one of these takes its place."""
        for folder in folders:
            try:
                names = posix.listdir(folder or '.')
            except (OSError, ValueError, TypeError):
                if not str(folder).endswith('/'):
                    self.see_archive(folder)
                continue
            self.shadow({name.partition('.')[0] for name in names})

    def see_archive(self, path):
        """A zip file may hold anything: nothing is taken from here then."""
        try:
            posix.stat(path)
        except (OSError, ValueError, TypeError):
            return
        self.hidden.clear()

    def shadow(self, names):
        """Modules of these names, and all that bring one of them, are to be found in the usual way."""
        names = {name for name in names & self.tops if name not in sys.builtin_module_names}
        if not names:
            return
        for name, (brought, _, _) in list(self.hidden.items()):
            if any(other.partition('.')[0] in names for other in brought):
                del self.hidden[name]

    def is_clean(self, names):
        """Whether a folder with files of these names has none that would take a module's place."""
        return self.tops.isdisjoint(name.partition('.')[0] for name in names)

    # In the launcher.

    def watch(self, path):
        if isinstance(path, str) and path not in self.files:
            self.files[path] = mark(path)

    def changed_file(self):
        for path, before in self.files.items():
            if mark(path) != before:
                self.files[path] = mark(path)
                return path
        return None

    def is_news(self, name):
        if name in self.told or name in self.known:
            return False
        self.told.add(name)
        return True


def mark(path):
    try:
        status = posix.stat(path)
    except (OSError, ValueError):
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def bring(name, imports, objects):
    """What importing it brings, in the order in which the import system leaves it in sys.modules: a module comes behind
    all that it imports, its package before it."""
    order, begun = [], set()

    def visit(name):
        if name in begun or name not in objects:
            return
        begun.add(name)
        package = name.rpartition('.')[0]
        if package:
            visit(package)
        for other in imports.get(name, ()):
            visit(other)
        order.append(name)

    visit(name)
    return order
