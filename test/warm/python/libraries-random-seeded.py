#!/usr/bin/python3
import random
print("Content-Type: text/plain\n")
random.seed(7)
print([random.random() for _ in range(3)], random.sample(range(100), 5), random.Random(3).randint(1, 10 ** 9))
random.seed("words")
print(random.shuffle(numbers := list(range(10))), numbers, random.getstate()[0])
