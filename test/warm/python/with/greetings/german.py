from .english import hello as other


def hello(name):
    return other(name).replace("Hello", "Guten Tag")
