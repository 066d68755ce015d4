#!/usr/bin/env python3
"""SQLite for programs in languages that lack it here: a line [statement, [value, ...]] in, a line of rows out, in JSON.

    sqlite.py FILE

What goes wrong is said on standard error, and ends it. It lies outside the served folder: no visitor can start it.
"""

import json
import os
import sqlite3
import sys

os.umask(0o077)  # the database and its journal are this user's alone
database = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
for line in sys.stdin.buffer:
    statement, values = json.loads(line)
    rows = database.execute(statement, values).fetchall()
    sys.stdout.write(json.dumps(rows) + "\n")
    sys.stdout.flush()
