"""How an exception is told: as Python tells it, without the outermost frames, which are ours."""

import importlib
import traceback

# Our own, and those of Python through which we import.
OWN_FILES = (__file__.rpartition('/')[0] + '/', '<frozen importlib', importlib.__file__)
LONGEST_SUMMARY = 1000


def trimmed(trace):
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(OWN_FILES):
        trace = trace.tb_next
    return trace


def text_of(error):
    try:
        return ''.join(traceback.format_exception(type(error), error, trimmed(error.__traceback__)))
    except Exception:  # Such as one whose own __str__ or __cause__ fails.
        return 'Traceback (most recent call last): not to be had\n%s\n' % type(error).__name__


def summary_of(error):
    try:
        return ('%s: %s' % (type(error).__name__, error))[:LONGEST_SUMMARY]
    except Exception:
        return type(error).__name__
