"""An application worker for WSGI (PEP 3333): `python -u main.py FOLDER/socket`. README.md beside this is its contract."""

import sys


def start():
    own_folder = sys.path.pop(0)
    try:
        if own_folder != __file__.rpartition('/')[0]:  # Python was told to put no folder there (-P, PYTHONSAFEPATH).
            sys.path.insert(0, own_folder)
            own_folder = __file__.rpartition('/')[0]
        sys.path.insert(0, own_folder)
        from _postern_wsgi import process
    finally:
        # An application's own modules may have any name, such as `main`.
        sys.path.remove(own_folder)
        sys.path_importer_cache.pop(own_folder, None)
    process.run(sys.argv.pop(1))


if __name__ == '__main__':  # A process that multiprocessing spawns reads this file too.
    start()
