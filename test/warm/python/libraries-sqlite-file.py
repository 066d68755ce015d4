#!/usr/bin/python3
import os
import sqlite3
print("Content-Type: text/plain\n")
for number in range(3):
    connection = sqlite3.connect("counter.db", isolation_level=None)
    connection.execute("create table if not exists counter (number integer)")
    connection.execute("insert into counter values (?)", (number,))
    print(connection.execute("select sum(number) from counter").fetchone())
    connection.close()
print(sorted(os.listdir()))
