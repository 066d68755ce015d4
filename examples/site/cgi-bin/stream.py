#!/usr/bin/env python3
"""Writes one line a second for ten seconds.

    stream.py              plain text
    stream.py?as=html      a page that grows while you look at it
    stream.py?as=events    server-sent events, for EventSource in a page's script

The program must flush each line, and the server must pass it on at once. A
proxy in between may collect output all the same; X-Accel-Buffering asks nginx
not to.
"""

import os
import sys
import time
from urllib.parse import parse_qs

COUNT = 10

HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>One line a second</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/style.css">
<p class="masthead"><img src="/favicon.svg" alt=""> <a href="/">Postern examples</a></p>
<h1>One line a second</h1>
<p>The program is still running while you read this. Each line arrives as it is written.</p>
<ol>
"""

FORMS = {
    "text": ("text/plain; charset=utf-8", "", "line {number} at {time}\n", "done\n"),
    "html": ("text/html; charset=utf-8", HEAD, "<li>written at {time}</li>\n", "</ol>\n<p>Done.</p>\n"),
    "events": ("text/event-stream", "retry: 60000\n\n", "id: {number}\ndata: line {number} at {time}\n\n", "event: done\ndata: done\n\n"),
}


def send(text):
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def main():
    query = os.environb.get(b"QUERY_STRING", b"").decode("utf-8", "replace")
    try:
        wanted = parse_qs(query, max_num_fields=20).get("as", ["text"])[0]
    except ValueError:
        wanted = "text"
    media_type, start, line, end = FORMS.get(wanted, FORMS["text"])

    send(
        "Content-Type: %s\n"
        "Cache-Control: no-store\n"
        "X-Content-Type-Options: nosniff\n"
        "X-Accel-Buffering: no\n"
        "\n" % media_type
    )
    if os.environ.get("REQUEST_METHOD") == "HEAD":
        return

    send(start)
    for number in range(1, COUNT + 1):
        send(line.format(number=number, time=time.strftime("%H:%M:%S")))
        time.sleep(1)
    send(end)


try:
    main()
except BrokenPipeError:
    # The reader has gone. That is no fault: end, and leave nothing in the
    # buffer that Python would try to write on its way out.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
