"""wsgi.file_wrapper (PEP 3333, "Optional Platform-Specific File Handling")."""

import io
import os
import stat
import tempfile


class FileWrapper:
    def __init__(self, filelike, block_size=8192):
        self.filelike = filelike
        self.block_size = block_size
        if hasattr(filelike, 'close'):
            self.close = filelike.close

    def __iter__(self):
        return self

    def __next__(self):
        data = self.filelike.read(self.block_size)
        if not data:
            raise StopIteration
        return data


def region_of(filelike):
    """(descriptor, where it stands, how much is left) of a file that the system can send by itself; else None."""
    if isinstance(filelike, tempfile._TemporaryFileWrapper):
        filelike = filelike.file
    # What is derived from these, or has such a file within (gzip), reads something else than what the descriptor holds.
    raw = filelike.raw if type(filelike) in (io.BufferedReader, io.BufferedRandom) else filelike
    if type(raw) is not io.FileIO:
        return None
    try:
        if filelike is not raw:
            filelike.flush()
        descriptor, at = filelike.fileno(), filelike.tell()
        status = os.fstat(descriptor)
    except (OSError, ValueError):
        return None
    # A file of a kernel's file system says that it is empty, and is not.
    if not stat.S_ISREG(status.st_mode) or status.st_size == 0 or not filelike.readable():
        return None
    return descriptor, at, max(0, status.st_size - at)
