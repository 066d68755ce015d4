#!/usr/bin/python3
# runs: random
import os
import random
import secrets
import tempfile
import uuid
print("Content-Type: text/plain\n")
print(random.random())
print(random.getrandbits(64))
print(random.Random().random())
print(random.SystemRandom().random())
print(uuid.uuid4())
print(uuid.uuid1())
print(secrets.token_hex(16))
print(os.urandom(8).hex())
print(next(tempfile._get_candidate_names()))
print(tempfile.mktemp())
