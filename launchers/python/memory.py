"""Makes ready the memory that workers will share. A worker copies each page that it writes to, and that is most of what
it costs (docs/performance.md)."""

import gc

held = []


def settle(*alive):
    """What lives now lives in every worker: the garbage collector shall neither count nor move it. `alive` is what would
    be given back when a worker leaves the launcher's functions behind: to give back is to write."""
    held.append(alive)
    gc.collect()
    gc.freeze()
