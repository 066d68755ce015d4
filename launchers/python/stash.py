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
        # name -> (module, names that it imports, whether it is an attribute of its package)
        self.hidden = {}
        # name -> what it registered, as functions that do it now
        self.postponed = {}
        self.fresh_folders = frozenset(sys.path_importer_cache)
        self.files = {}
        self.told = set()
        self.path = None
        self.hooks = None
        self.intact = set()
        self.restoring = set()
        self.find_and_load = bootstrap._find_and_load

    def hide(self, imports):
        """Takes what is loaded and not part of a fresh process out of sight. `imports`: name -> names."""
        for name in [name for name in modules if name not in self.baseline]:
            module = modules.pop(name)
            package, _, last = name.rpartition('.')
            holder = self.hidden[package][0] if package in self.hidden else modules.get(package)
            # Not one that the package cannot be without: it is there from the start.
            is_attribute = (
                holder is not None and holder.__dict__.get(last) is module and name not in imports.get(package, ())
            )
            if is_attribute:
                delattr(holder, last)
            self.hidden[name] = (module, tuple(imports.get(name, ())), is_attribute)
            self.watch(getattr(module, '__file__', None))
        for folder in sys.path:
            self.watch(folder)
        for folder in [folder for folder in sys.path_importer_cache if folder not in self.fresh_folders]:
            del sys.path_importer_cache[folder]
        self.path = list(sys.path)
        self.hooks = (list(sys.meta_path), list(sys.path_hooks), builtins.__import__)
        self.known = frozenset(self.hidden)
        # How many names each module has: what has come on top is the script's.
        self.sizes = {name: len(modules[name].__dict__) for name in self.baseline if name != '__main__'}
        self.sizes.update((name, len(module.__dict__)) for name, (module, _, _) in self.hidden.items())
        self.tops = frozenset(name.partition('.')[0] for name in self.hidden)
        bootstrap._find_and_load = self.importer()

    def importer(self):
        """What the import statement calls for a name that is not in sys.modules."""
        hidden, find_and_load = self.hidden, self.find_and_load
        usable, restore = self.usable, self.restore

        def _find_and_load(name, import_):
            if name in hidden and name not in modules and usable(name):
                restore(name)
                module = modules.get(name)
                if module is not None:
                    return module
            return find_and_load(name, import_)

        # Its frame is cut out of tracebacks as those of the import system itself are.
        _find_and_load.__code__ = _find_and_load.__code__.replace(co_filename='<frozen importlib._bootstrap>')
        return _find_and_load

    def restore(self, name):
        module, imports, is_attribute = self.hidden[name]
        package, _, last = name.rpartition('.')
        if package and package not in modules:
            if package not in self.hidden:
                return
            self.restore(package)
        if name not in modules and name not in self.restoring:
            self.restoring.add(name)
            for other in imports:
                if other in self.hidden and other not in modules:
                    self.restore(other)
            # In this order: the import system too puts a module last, behind all that it imports.
            modules[name] = module
            for act in self.postponed.get(name, ()):
                act()
        if is_attribute:
            holder = self.hidden[package][0] if package in self.hidden else modules.get(package)
            if holder is not None:
                setattr(holder, last, module)

    def usable(self, wanted):
        """Whether the search that the import system would make leads to what was loaded ahead."""
        if sys.path != self.path:
            self.see([folder for folder in sys.path if folder not in self.path])
            if any(folder not in sys.path for folder in self.path):
                self.hidden.clear()
            self.path = list(sys.path)
        if (sys.meta_path, sys.path_hooks, builtins.__import__) != self.hooks:
            self.hidden.clear()
        replaced = {name.partition('.')[0] for name in self.needed(wanted) if self.is_replaced(name)}
        if replaced:
            self.shadow(replaced)
        return wanted in self.hidden

    def needed(self, name):
        """It and all that it brings with it, as far as that is loaded ahead and not yet in sight."""
        found = {name}
        names = [name]
        for name in names:
            if name not in self.hidden:
                continue
            package = name.rpartition('.')[0]
            for other in (package, *self.hidden[name][1]) if package else self.hidden[name][1]:
                if other not in found and other not in self.intact:
                    found.add(other)
                    names.append(other)
        return found

    def is_replaced(self, name):
        """Whether the script has put something else in its place."""
        if name not in self.known or name not in modules:
            return False
        if name in self.hidden and modules[name] is self.hidden[name][0]:
            self.intact.add(name)
            return False
        return True

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
        if names.isdisjoint(self.tops):
            return
        builtin = sys.builtin_module_names
        gone = {name for name in self.hidden if name.partition('.')[0] in names and name not in builtin}
        while gone:
            for name in gone:
                self.hidden.pop(name, None)
            gone = {name for name, (_, imports, _) in self.hidden.items() if not gone.isdisjoint(imports)}

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
