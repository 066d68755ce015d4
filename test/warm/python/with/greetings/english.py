from . import print_count


def hello(name):
    return "Hello %s %d" % (name, print_count)
