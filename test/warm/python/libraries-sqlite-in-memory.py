#!/usr/bin/python3
import sqlite3
print("Content-Type: text/plain\n")
with sqlite3.connect(":memory:") as connection:
    connection.execute("create table guests (name text, number integer)")
    connection.executemany("insert into guests values (?, ?)", [("Ada", 1), ("Grace", 2)])
    print(connection.execute("select * from guests order by number desc").fetchall(), sqlite3.threadsafety)
connection.execute("select * from nobody")
