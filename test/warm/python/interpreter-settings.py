#!/usr/bin/python3
# accepted: what was loaded ahead is frozen for the garbage collector
# mask: 0 \d+ \[\] \[\]
import gc
import sys
print("Content-Type: text/plain\n")
print(gc.isenabled(), gc.get_threshold(), gc.get_debug(), gc.get_freeze_count(), gc.callbacks, gc.garbage)
print(sys.getrecursionlimit(), sys.getswitchinterval(), sys.gettrace(), sys.getprofile(), sys.getdlopenflags())
print(sys.get_asyncgen_hooks(), sys.get_coroutine_origin_tracking_depth(), sys.get_int_max_str_digits())
print(sys.displayhook is sys.__displayhook__, sys.excepthook is sys.__excepthook__, sys.breakpointhook is sys.__breakpointhook__)
print(sys.is_finalizing(), sys.getandroidapilevel() if hasattr(sys, "getandroidapilevel") else None, sys.hash_info, sys.thread_info)
import tracemalloc
import faulthandler
print(tracemalloc.is_tracing(), faulthandler.is_enabled())
