#!/usr/bin/python3
"""A small application with the imports that small applications have: most of its time is their loading."""
import html
import json
import os
import sqlite3
from http import cookies
from string import Template
from urllib.parse import parse_qs

PAGE = Template('<!DOCTYPE html><title>Books</title><h1>Hello, $name!</h1><ul>$rows</ul><script>var books = $data</script>\n')

name = parse_qs(os.environ.get('QUERY_STRING', '')).get('name', ['world'])[0]
jar = cookies.SimpleCookie(os.environ.get('HTTP_COOKIE', ''))
jar['visits'] = str(int(jar['visits'].value) + 1 if 'visits' in jar else 1)

database = sqlite3.connect(':memory:')
database.execute('CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT)')
database.executemany('INSERT INTO book (title) VALUES (?)', [(f'Book {number}',) for number in range(1, 11)])
books = database.execute('SELECT id, title FROM book ORDER BY title').fetchall()

print('Content-Type: text/html; charset=utf-8')
print(jar.output())
print()
print(
    PAGE.substitute(
        name=html.escape(name),
        rows=''.join(f'<li>{html.escape(title)}</li>' for _, title in books),
        data=json.dumps(books),
    ),
    end='',
)
