"""The files of the application's own code that have been loaded, for a server that reloads when one of them changes."""

import os
import sys
import sysconfig

OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIBRARY = {sysconfig.get_path(name) for name in ('stdlib', 'platstdlib')}
INSTALLED = ('/site-packages/', '/dist-packages/')


class LoadedFiles:
    def __init__(self):
        self.known = set()
        self.modules = 0

    def new(self):
        """Those since the last time."""
        count = len(sys.modules)
        if count == self.modules:
            return []
        self.modules = count
        files = {file_of(module) for module in list(sys.modules.values())} - self.known - {None}
        self.known |= files
        return sorted(files)


def file_of(module):
    try:
        path = module.__file__
        if not isinstance(path, str) or not path.endswith(('.py', '.wsgi')) and not os.path.isfile(path):
            return None
    except Exception:  # Modules may be anything, such as one that loads itself when it is looked at.
        return None
    path = os.path.abspath(path)
    if any(name in path for name in INSTALLED):
        return None
    return None if path.startswith(tuple(folder + '/' for folder in LIBRARY | {OWN})) else path
