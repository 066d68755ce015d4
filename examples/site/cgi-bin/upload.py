#!/usr/bin/env python3
"""Receives a body of any size and answers with its length and SHA-256.

    curl --data-binary @file -H 'Content-Type: application/octet-stream' ADDRESS
    curl -T file ADDRESS
    some-command | curl -T - ADDRESS          (chunked: the length is not known)

The body is read piece by piece and not kept, so its size does not matter.
"""

import hashlib
import os
import re
import sys

PIECE = 64 * 1024

FORM = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Upload</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/style.css">
<p class="masthead"><img src="/favicon.svg" alt=""> <a href="/">Postern examples</a></p>
<h1>Upload</h1>
<p>The program reads what you send piece by piece, counts it, and answers with its SHA-256. Nothing is kept.</p>
<form method="post" enctype="multipart/form-data">
<div class="field"><label for="file">A file</label> <input type="file" id="file" name="file" required></div>
<button>Send</button>
</form>
<p class="quiet">A browser wraps the file in a multipart body, so length and hash are those of the wrapped file.
To send the bare file, use curl:</p>
<pre><code>curl -T file <var>this address</var></code></pre>
"""


def variable(name):
    return os.environb.get(name.encode(), b"").decode("utf-8", "replace")


def answer(status, media_type, text):
    out = sys.stdout.buffer
    out.write(
        ("Status: %s\nContent-Type: %s; charset=utf-8\nX-Content-Type-Options: nosniff\nCache-Control: no-store\n" % (status, media_type)).encode()
    )
    if status.startswith("405"):
        out.write(b"Allow: GET, HEAD, POST, PUT\n")
    out.write(b"\n")
    if variable("REQUEST_METHOD") != "HEAD":
        out.write(text.encode("utf-8", "replace"))


def main():
    method = variable("REQUEST_METHOD")
    if method in ("GET", "HEAD"):
        return answer("200 OK", "text/html", FORM)
    if method not in ("POST", "PUT"):
        return answer("405 Method Not Allowed", "text/plain", "Send a body with POST or PUT.\n")

    given = variable("CONTENT_LENGTH")
    if given and not re.fullmatch("[0-9]{1,18}", given):
        return answer("400 Bad Request", "text/plain", "CONTENT_LENGTH is not a number.\n")

    # With a length, read that much and no more: the input need not end there
    # (RFC 3875, section 4.2). Without one there is no body by the letter of the
    # specification; servers that accept chunked requests send one that ends.
    remaining = int(given) if given else None
    length = 0
    digest = hashlib.sha256()
    while remaining is None or remaining > 0:
        # read1 hands over what has arrived instead of waiting for a full piece.
        piece = sys.stdin.buffer.read1(PIECE if remaining is None else min(PIECE, remaining))
        if not piece:
            break
        length += len(piece)
        digest.update(piece)
        if remaining is not None:
            remaining -= len(piece)

    if remaining:
        return answer(
            "400 Bad Request", "text/plain", "The body ended after %d of %s bytes.\n" % (length, given)
        )

    # One line for the type, whatever is in it.
    media_type = "".join(c if c.isprintable() else "?" for c in variable("CONTENT_TYPE")) or "(none)"
    answer(
        "200 OK", "text/plain",
        "length        %d bytes%s\nSHA-256       %s\nContent-Type  %s\n"
        % (length, "" if given else " (no length was given)", digest.hexdigest(), media_type),
    )


main()
