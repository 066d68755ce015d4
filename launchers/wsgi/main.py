"""An application worker for WSGI (PEP 3333): `python -u main.py FOLDER/socket`. README.md beside this is its contract."""

import os
import sys


def start():
    own_folder = os.path.dirname(os.path.realpath(__file__))
    # Python puts it there, unless it was told not to (-P, PYTHONSAFEPATH).
    others = [path for path in sys.path if os.path.realpath(path) != own_folder]
    sys.path[:] = [own_folder, *others]
    from _postern_wsgi import process

    # An application's own modules may have any name, such as `main`.
    sys.path[:] = others
    sys.path_importer_cache.pop(own_folder, None)
    process.run(sys.argv.pop(1))


if __name__ == '__main__':  # A process that multiprocessing spawns reads this file too.
    start()
