#!/usr/bin/env python3
"""A guest book the way one would write it today.

    SQLite for the entries         many programs may write at the same time
    a size limit before reading    a request cannot fill the memory
    a token in form and cookie     no other site can sign in a visitor's name
    escaping on output             an entry is text, whatever is in it
    303 See Other after a POST     "reload" does not sign a second time

The entries live outside the served folder: in a private folder below the
system's folder for temporary files, or in the one that the environment
variable GUEST_BOOK_FOLDER names.
"""

import hashlib
import hmac
import os
import re
import secrets
import sqlite3
import stat
import sys
import tempfile
import time
from contextlib import closing
from html import escape
from http import HTTPStatus
from urllib.parse import parse_qsl, quote

MAX_BODY = 16 * 1024  # bytes of a form, as sent
MAX_NAME = 60  # characters
MAX_MESSAGE = 1000
SHOWN = 50  # entries on the page
KEPT = 500  # entries in the file; the oldest go first

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

# Invisible characters that turn the direction of the text around them.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Refused(Exception):
    """A request this program does not act on, with the reason for the visitor."""

    def __init__(self, status, reason, headers=(), name="", message=""):
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = list(headers)
        self.name = name
        self.message = message


def variable(name):
    return os.environb.get(name.encode(), b"").decode("utf-8", "replace")


def own_path():
    # One slash at the start: "//name" would be another host.
    return "/" + quote(variable("SCRIPT_NAME").lstrip("/"), safe="/")


# --- The request -------------------------------------------------------------


def cookies():
    found = {}
    for part in variable("HTTP_COOKIE").split(";"):
        name, _, value = part.strip().partition("=")
        found.setdefault(name, value)
    return found


def read_form():
    """The fields of the form in the body. Refuses every body that is not one."""
    kind = variable("CONTENT_TYPE").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This address takes a form, sent the way forms are sent by default.")

    length = variable("CONTENT_LENGTH")
    if not length:
        raise Refused(HTTPStatus.LENGTH_REQUIRED, "The request does not say how long its body is.")
    if not re.fullmatch(r"[0-9]{1,18}", length):
        raise Refused(HTTPStatus.BAD_REQUEST, "The length of the body is not a number.")
    if int(length) > MAX_BODY:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The form is longer than %d bytes." % MAX_BODY)

    # Never more than the given length: standard input need not end there.
    body = sys.stdin.buffer.read(int(length))
    if len(body) < int(length):
        raise Refused(HTTPStatus.BAD_REQUEST, "The body is shorter than its given length.")

    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=10)
    except ValueError:  # also UnicodeDecodeError
        raise Refused(HTTPStatus.BAD_REQUEST, "The form is not well-formed UTF-8, or has too many fields.")

    form = dict(pairs)
    if len(form) != len(pairs):
        raise Refused(HTTPStatus.BAD_REQUEST, "A field of the form is there twice.")
    for field in ("name", "message"):
        if field not in form:
            raise Refused(HTTPStatus.BAD_REQUEST, "The field “%s” of the form is missing." % field)
    return form


def one_line(text):
    """Without control characters, and with single spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in TURNING.sub("", text)).split())


def lines(text):
    """Without control characters but the ends of lines, of which at most two stand together."""
    text = TURNING.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c if c == "\n" or c.isprintable() or c in "\u200c\u200d" else " " for c in text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


# --- The book ----------------------------------------------------------------


def book_folder():
    chosen = os.environ.get("GUEST_BOOK_FOLDER")
    if chosen:
        return chosen

    user = os.getuid()
    site = hashlib.sha256(os.fsencode(os.path.realpath(__file__))).hexdigest()[:16]
    folder = os.path.join(tempfile.gettempdir(), "guest-book-%d-%s" % (user, site))
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        pass
    # The folder for temporary files belongs to everyone, and somebody else may
    # have been there first. Take only a real folder that is ours alone.
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user or found.st_mode & 0o077:
        raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "The folder for the entries is not private to this program.")
    return folder


def open_book():
    book = sqlite3.connect(os.path.join(book_folder(), "guest-book.sqlite"), timeout=5)
    book.execute(
        "create table if not exists entry (id integer primary key, time integer not null, name text not null, message text not null)"
    )
    return book


def sign(name, message):
    with closing(open_book()) as book, book:  # the inner one commits
        # Question marks, never text pasted together: SQLite must not read an entry as a command.
        book.execute("insert into entry (time, name, message) values (?, ?, ?)", (int(time.time()), name, message))
        book.execute("delete from entry where id not in (select id from entry order by id desc limit ?)", (KEPT,))


def entries():
    with closing(open_book()) as book:
        return book.execute("select time, name, message from entry order by id desc limit ?", (SHOWN,)).fetchall()


def closed(error, **keep):
    print("guest-book.py: %s" % error, file=sys.stderr)  # for the server's log
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE, "The book cannot be opened just now. Please try again.", [("Retry-After", "5")], **keep
    )


# --- The answer --------------------------------------------------------------


def answer(status, headers, document=""):
    lines = ["Status: %d %s" % (status.value, status.phrase)]
    lines += ["%s: %s" % header for header in headers]
    lines += [
        "Content-Type: text/html; charset=utf-8",
        "Cache-Control: no-store",
        "Referrer-Policy: same-origin",
        "X-Content-Type-Options: nosniff",
        "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ]
    out = sys.stdout.buffer
    out.write(("\n".join(lines) + "\n\n").encode())
    if variable("REQUEST_METHOD") != "HEAD":
        out.write(document.encode("utf-8", "replace"))


def cookie(name, value, age=None):
    text = "%s=%s; Path=%s; HttpOnly; SameSite=Lax" % (name, value, own_path())
    if age:
        text += "; Max-Age=%d" % age
    if variable("HTTPS").lower() in ("on", "1"):
        text += "; Secure"
    return ("Set-Cookie", text)


def page(token, visits=0, book=None, problem="", name="", message=""):
    """The form, below it the entries of the book if there is one to show."""
    parts = []
    if problem:
        parts.append('<p class="message wrong" role="alert">%s</p>' % escape(problem))
    parts.append("""<form method="post" action="{action}">
<input type="hidden" name="token" value="{token}">
<div class="field"><label for="name">Your name</label>
<input type="text" id="name" name="name" required maxlength="{max_name}" autocomplete="name" value="{name}"></div>
<div class="field"><label for="message">Your message</label>
<textarea id="message" name="message" required maxlength="{max_message}">
{message}</textarea></div>
<button>Sign the book</button>
</form>""".format(
        action=escape(own_path()), token=token, max_name=MAX_NAME, max_message=MAX_MESSAGE,
        name=escape(name), message=escape(message),
    ))
    if book is not None:
        parts.append("<h2>Entries</h2>")
    if book == []:
        parts.append('<p class="quiet">None yet. Yours would be the first.</p>')
    for moment, who, what in book or []:
        when = time.gmtime(moment)
        parts.append("""<article class="entry"><header><strong>%s</strong>
<time datetime="%s">%s</time></header>
<p>%s</p></article>""" % (
            escape(who), time.strftime("%Y-%m-%dT%H:%M:%SZ", when), time.strftime("%Y-%m-%d %H:%M UTC", when), escape(what),
        ))
    if visits:
        parts.append(
            '<footer><p>You have opened this page %s. Your browser keeps this number in a cookie; '
            "the server does not.</p></footer>" % ("once" if visits == 1 else "%d times" % visits)
        )
    return """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guest book</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/style.css">
<p class="masthead"><img src="/favicon.svg" alt=""> <a href="/">Postern examples</a></p>
<h1>Guest book</h1>
%s
""" % "\n".join(parts)


def act(method, sent, token, visits):
    if variable("PATH_INFO") not in ("", "/"):
        raise Refused(HTTPStatus.NOT_FOUND, "There is nothing below the guest book.")

    if method in ("GET", "HEAD"):
        try:
            book = entries()
        except sqlite3.Error as error:
            raise closed(error)
        answer(
            HTTPStatus.OK,
            [cookie("book_token", token), cookie("book_visits", visits, age=365 * 86400)],
            page(token, visits, book),
        )
        return

    if method != "POST":
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "The guest book can be read and signed, nothing else.", [("Allow", "GET, HEAD, POST")])

    form = read_form()
    name, message = one_line(form["name"]), lines(form["message"])
    # Kept for the visitor to correct, within reason.
    keep = {"name": name[:MAX_NAME], "message": message[: 2 * MAX_MESSAGE]}

    # Another site can make a browser send this form, but it can neither read
    # our cookie nor set one: it cannot fill in the right token.
    if not TOKEN.fullmatch(sent) or not hmac.compare_digest(sent.encode(), form.get("token", "").encode()):
        raise Refused(HTTPStatus.FORBIDDEN, "The form did not come from this page, or was too old, or your browser refuses cookies. Please send it again.", **keep)
    if not name or not message:
        raise Refused(HTTPStatus.BAD_REQUEST, "Please give both a name and a message.", **keep)
    if len(name) > MAX_NAME:
        raise Refused(HTTPStatus.BAD_REQUEST, "The name is longer than %d characters." % MAX_NAME, **keep)
    if len(message) > MAX_MESSAGE:
        raise Refused(HTTPStatus.BAD_REQUEST, "The message has %d characters; there is room for %d." % (len(message), MAX_MESSAGE), **keep)

    try:
        sign(name, message)
    except sqlite3.Error as error:
        raise closed(error, **keep)

    # With a Status line, this Location goes to the browser, which then asks for
    # the book with GET. (Alone, a Location that is only a path would be answered
    # by the server itself: see redirect.sh.)
    answer(
        HTTPStatus.SEE_OTHER,
        [("Location", own_path())],
        '<!doctype html><title>Signed</title><p>Thank you. <a href="%s">Back to the guest book</a>' % escape(own_path()),
    )


def main():
    known = cookies()
    sent = known.get("book_token", "")
    token = sent if TOKEN.fullmatch(sent) else secrets.token_urlsafe(32)
    counted = known.get("book_visits", "")
    visits = min(int(counted), 999998) + 1 if re.fullmatch("[0-9]{1,6}", counted) else 1

    try:
        act(variable("REQUEST_METHOD"), sent, token, visits)
    except Refused as refused:
        answer(
            refused.status,
            refused.headers + [cookie("book_token", token)],
            page(token, problem=refused.reason, name=refused.name, message=refused.message),
        )


main()
