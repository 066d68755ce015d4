#!/usr/bin/python3
# runs: random
# with: dice.py
import sys
sys.stdout.write("Content-Type: text/plain\n\n")
import dice
import email.utils
import random
import string
import tempfile
print(dice.throw())
print("".join(random.choices(string.ascii_letters, k=20)))
print(random.Random().getrandbits(100))
print(email.utils.make_msgid())
print(tempfile.mkdtemp(dir="."))
print(tempfile.NamedTemporaryFile(dir=".").name)
print(random.SystemRandom().getrandbits(100))
print(random.getstate()[1][:5])
