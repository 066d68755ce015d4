#!/usr/bin/python3
# runs: random
import secrets
import ssl
import uuid
import sys
sys.stdout.write("Content-Type: text/plain\n\n")
print(secrets.token_urlsafe())
print(ssl.RAND_bytes(16).hex())
print(uuid.uuid4())
print(uuid.uuid1().time)
print(secrets.randbelow(10 ** 20))
