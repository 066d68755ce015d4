"""A shop's sums."""
import os
import sys

started_in = os.getcwd()
modules_at_import = sys._getframe(0).f_globals["__name__"]


def total(prices):
    return sum(prices)


def checked(price):
    """Prices are not negative."""
    assert price >= 0, price
    return price
