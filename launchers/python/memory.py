"""Makes ready the memory that workers will share. A worker copies each page that it writes to, and that is most of what
it costs (docs/performance.md)."""

import _locale
import gc

SMALL_CHUNKS = 100
LARGE_CHUNKS = 25
OBJECTS = 100
# What would be given back when a worker leaves the launcher's functions behind: to give back is to write.
held = []


def settle(*alive):
    """What lives now lives in every worker: the garbage collector shall neither count nor move it. And new objects shall
    lie side by side in new pages, not in the gaps of old ones; so the gaps are filled."""
    held.append(alive)
    gc.collect()
    if hasattr(_locale, 'bindtextdomain'):
        # The one function that takes memory of any size from the C library and keeps it.
        number = 0
        for size in range(0, 1100, 16):
            for _ in range(SMALL_CHUNKS if size < 300 else LARGE_CHUNKS):
                number += 1
                _locale.bindtextdomain('postern-%d%s' % (number, 'x' * max(0, size - 40)), '/')
    held.append([[bytes(max(0, size - 33)) for _ in range(OBJECTS)] for size in range(32, 513, 16)])
    gc.freeze()
