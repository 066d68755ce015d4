import random

own = random.Random()


def throw():
    return random.random(), own.random()
