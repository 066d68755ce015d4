#!/usr/bin/env python3
"""A guest book: one CGI program, Python's standard library, SQLite. README.md says how to serve it."""

import hashlib
import hmac
import os
import re
import secrets
import sqlite3
import sys
import traceback
from contextlib import closing
from html import escape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

MOST_NAME = 40  # characters
MOST_MESSAGE = 1000
MOST_BODY = 16 * 1024  # bytes of a form, as sent
SHOWN = 50  # entries on the page
LOCK_SECONDS = 10  # how long one writer waits for the others
YEAR = 365 * 24 * 60 * 60

# Outside the folder that is served: nobody can ask for the database.
DATA = Path(__file__).resolve().parents[2] / "data"


class Refused(Exception):
    """What the visitor is told, with the status of the answer and what was typed."""

    def __init__(self, status, reason, typed=None):
        super().__init__(reason)
        self.status, self.reason, self.typed = status, reason, typed


# --- The book ---


class Book:
    """The entries. Statements never contain what a visitor wrote: it is bound to their question marks."""

    def __init__(self):
        os.umask(0o077)  # the database, its journal and the folder are this user's alone
        DATA.mkdir(exist_ok=True)
        # The default journal, not WAL: each request opens and closes the file, and WAL fails on network disks.
        self.database = sqlite3.connect(DATA / "guest-book.sqlite", timeout=LOCK_SECONDS, isolation_level=None)
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, name TEXT NOT NULL, message TEXT NOT NULL, "
            "owner TEXT NOT NULL, written TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M', 'now')))"
        )
        self.database.execute("CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY, value TEXT NOT NULL)")
        self.secret = self.find_secret()
        if self.secret is None:
            # Of several first requests one wins, and all read what it wrote.
            self.database.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", [secrets.token_hex(32)])
            self.secret = self.find_secret()

    def find_secret(self):
        row = self.database.execute("SELECT value FROM secret WHERE id = 1").fetchone()
        return row and row[0]

    def sign(self, purpose, visitor):
        return hmac.new(self.secret.encode(), f"{purpose}:{visitor}".encode(), hashlib.sha256).hexdigest()

    def newest(self):
        query = "SELECT id, name, message, owner, written FROM entry ORDER BY id DESC LIMIT ?"
        return self.database.execute(query, [SHOWN]).fetchall()

    def add(self, name, message, owner):
        self.database.execute("INSERT INTO entry (name, message, owner) VALUES (?, ?, ?)", [name, message, owner])

    def remove(self, number, owner):
        self.database.execute("DELETE FROM entry WHERE id = ? AND owner = ?", [number, owner])

    def close(self):
        self.database.close()


# --- The request ---


def cookies():
    """The visitor's random number, and the name that was given last."""
    # By hand: http.cookies gives up at the first cookie, of any other site on this host, that is not well-formed.
    pairs = (part.strip().partition("=") for part in os.environ.get("HTTP_COOKIE", "").split(";"))
    sent = {name: value for name, _, value in pairs}
    visitor = sent.get("visitor", "")
    name = unquote(sent.get("name", ""), errors="replace")
    return visitor if re.fullmatch("[0-9a-f]{32}", visitor) else None, one_line(name)[:MOST_NAME].strip()


def read_form():
    if os.environ.get("CONTENT_TYPE", "").split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The guest book takes only its own form.")
    length = os.environ.get("CONTENT_LENGTH", "")
    if not re.fullmatch("[0-9]{1,18}", length):
        raise Refused(HTTPStatus.BAD_REQUEST, "The form does not say how long it is.")
    if int(length) > MOST_BODY:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is far too much text for a guest book.")
    body = sys.stdin.buffer.read(int(length))
    if len(body) < int(length):
        raise Refused(HTTPStatus.BAD_REQUEST, "The form did not arrive whole.")
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10)
    except ValueError:  # also UnicodeDecodeError
        raise Refused(HTTPStatus.BAD_REQUEST, "The form is not well-formed UTF-8.") from None
    return {field: values[0] for field, values in fields.items()}


def one_line(text):
    return re.sub(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+", " ", text).strip()


def lines(text):
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+", " ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


# --- The page ---


def page(book, visitor, name, message="", trouble=""):
    token = escape(book.sign("form", visitor))
    owner = book.sign("owner", visitor)
    entries = "".join(entry(row, owner, token) for row in book.newest())
    return f"""{head("Guest book")}
{trouble and f'<p class="trouble" role="alert">{escape(trouble)}</p>'}
<form method="post">
<input type="hidden" name="token" value="{token}">
<label for="name">Your name <small>up to {MOST_NAME} characters</small></label>
<input id="name" name="name" value="{escape(name)}" maxlength="{MOST_NAME}" required autocomplete="name">
<label for="message">Your message <small>up to {MOST_MESSAGE} characters</small></label>
<textarea id="message" name="message" rows="4" maxlength="{MOST_MESSAGE}" required>
{escape(message)}</textarea>
<button>Sign the book</button>
</form>
<section aria-label="Entries">
{entries or '<p class="empty">Nobody has written here yet. Be the first.</p>'}
</section>
</main>
"""


def entry(row, owner, token):
    number, name, message, written_by, written = row
    remove = f"""<form method="post">
<input type="hidden" name="token" value="{token}">
<button class="quiet" name="delete" value="{number}" aria-label="Delete this entry">Delete</button>
</form>"""
    return f"""<article>
<h2>{escape(name)}</h2>
<time datetime="{written.replace(" ", "T")}Z">{written} UTC</time>
<p>{escape(message)}</p>
{remove if written_by == owner else ""}
</article>
"""


def error_page(reason):
    again = f'<p><a href="{here()}">Back to the guest book</a></p>'
    return f'{head("Guest book")}\n<p class="trouble" role="alert">{escape(reason)}</p>\n{again}\n</main>\n'


def here():
    """The program's path. With one slash: "//x" would be another host."""
    return "/" + quote(os.environ.get("SCRIPT_NAME", "").lstrip("/"))


def head(title):
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="../style.css">
<main>
<h1>{title}</h1>"""


def cookie(name, value):
    secure = "; Secure" if os.environ.get("HTTPS", "").lower() in ("on", "1") else ""
    return "Set-Cookie", f"{name}={quote(value, safe='')}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{secure}"


def answer(status, text="", headers=()):
    fields = [
        ("Status", f"{status.value} {status.phrase}"),
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
        *headers,
    ]
    written = "".join(f"{name}: {value}\r\n" for name, value in fields)
    sys.stdout.buffer.write(f"{written}\r\n{text}".encode("utf-8", "replace"))
    sys.stdout.flush()


# --- What happens ---


def show(book, status=HTTPStatus.OK, trouble="", typed=None):
    visitor, name = cookies()
    new = visitor is None
    visitor = visitor or secrets.token_hex(16)
    name, message = typed or (name, "")
    answer(status, page(book, visitor, name, message, trouble), [cookie("visitor", visitor)] if new else [])


def sign_or_delete(book):
    form = read_form()
    visitor, _ = cookies()
    typed = (one_line(form.get("name", "")), lines(form.get("message", "")))
    # Another site can send this form in a visitor's name, but it does not know the token.
    if visitor is None or not hmac.compare_digest(book.sign("form", visitor).encode(), form.get("token", "").encode()):
        raise Refused(HTTPStatus.FORBIDDEN, "The form was too old, or cookies are off. Please send it again.", typed)
    headers = []
    if re.fullmatch("[0-9]{1,15}", form.get("delete", "")):
        book.remove(int(form["delete"]), book.sign("owner", visitor))
    else:
        name, message = typed
        if not 1 <= len(name) <= MOST_NAME:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"A name has 1 to {MOST_NAME} characters.", typed)
        if not 1 <= len(message) <= MOST_MESSAGE:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"A message has 1 to {MOST_MESSAGE} characters.", typed)
        book.add(name, message, book.sign("owner", visitor))
        headers = [cookie("name", name)]
    # 303: "reload" shows the page, and does not send the form again.
    answer(HTTPStatus.SEE_OTHER, headers=[("Location", here()), *headers])


def main():
    method = os.environ.get("REQUEST_METHOD", "GET")
    if os.environ.get("PATH_INFO"):
        return answer(HTTPStatus.NOT_FOUND, error_page("There is no such page."))
    if method not in ("GET", "HEAD", "POST"):
        refusal = error_page("The guest book can be read and signed, nothing else.")
        return answer(HTTPStatus.METHOD_NOT_ALLOWED, refusal, [("Allow", "GET, HEAD, POST")])
    try:
        with closing(Book()) as book:
            try:
                return sign_or_delete(book) if method == "POST" else show(book)
            except Refused as refused:
                if refused.typed is None:
                    return answer(refused.status, error_page(refused.reason))
                return show(book, refused.status, refused.reason, refused.typed)
    except (sqlite3.Error, OSError):
        traceback.print_exc()  # to the server's log
        answer(HTTPStatus.SERVICE_UNAVAILABLE, error_page("The guest book cannot be opened now. Please come back later."))


main()
