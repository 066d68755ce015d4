#!/usr/bin/env python3
"""Shows everything a CGI program is told: its environment, arguments, folder.

The section numbers are those of RFC 3875, the specification of CGI/1.1.

This is a page for learning and for finding faults. Do not leave such a page
on a public site: it repeats cookies and passwords to whoever can make a
browser open it.
"""

import os
import sys
from html import escape
from urllib.parse import quote

RFC = "https://www.rfc-editor.org/rfc/rfc3875#section-"

GROUPS = [
    ("Request", [
        ("REQUEST_METHOD", "4.1.12", "What the client wants done: GET, HEAD, POST, PUT and so on."),
        ("QUERY_STRING", "4.1.7", "What follows the first “?” of the address, still encoded. Always set, if need be empty."),
        ("CONTENT_LENGTH", "4.1.2", "How many bytes of body there are to read from standard input. Not set if there is no body."),
        ("CONTENT_TYPE", "4.1.3", "The media type of that body, as the client states it."),
        ("SERVER_PROTOCOL", "4.1.16", "The protocol and version the request came by."),
    ]),
    ("Path", [
        ("SCRIPT_NAME", "4.1.13", "The part of the path that leads to this program, decoded. Use it for links to the program itself."),
        ("PATH_INFO", "4.1.5", "What follows the program in the path, decoded. The program decides what it means."),
        ("PATH_TRANSLATED", "4.1.6", "PATH_INFO as a file name: what the server would serve at that path. Only set together with PATH_INFO."),
    ]),
    ("Client", [
        ("REMOTE_ADDR", "4.1.8", "The network address of the client, or of the last proxy before the server."),
        ("REMOTE_HOST", "4.1.9", "The name that belongs to this address. Looking it up takes time, so servers leave it out or repeat the address."),
        ("REMOTE_IDENT", "4.1.10", "A user name by the identification protocol of RFC 1413. Hardly anybody asks for it any more."),
        ("REMOTE_USER", "4.1.11", "The user’s name, if the server itself asked for a password."),
        ("AUTH_TYPE", "4.1.1", "How the server made sure of that name, for example Basic."),
    ]),
    ("Server", [
        ("GATEWAY_INTERFACE", "4.1.4", "The version of CGI in use."),
        ("SERVER_NAME", "4.1.14", "The host name or address the request was sent to."),
        ("SERVER_PORT", "4.1.15", "The port it arrived at."),
        ("SERVER_SOFTWARE", "4.1.17", "Name and version of the server."),
    ]),
]

# The request's own header lines. All of them belong to section 4.1.18.
HEADERS = {
    "HTTP_ACCEPT": "The media types the client can use, the best ones weighted highest.",
    "HTTP_ACCEPT_ENCODING": "The compressions the client understands.",
    "HTTP_ACCEPT_LANGUAGE": "The languages its user reads.",
    "HTTP_AUTHORIZATION": "A password or token. Servers keep it to themselves unless told otherwise (section 9.2).",
    "HTTP_CACHE_CONTROL": "What caches on the way may do. A forced reload says no-cache.",
    "HTTP_CONNECTION": "About this one connection; of no use to a program.",
    "HTTP_COOKIE": "What this site has asked the browser to remember and send back.",
    "HTTP_DNT": "The user asks not to be tracked.",
    "HTTP_HOST": "The host name in the address the client used, with the port.",
    "HTTP_IF_MODIFIED_SINCE": "The client has a copy of this age, and needs no answer if it is still good.",
    "HTTP_IF_NONE_MATCH": "The client has a copy with this tag, and needs no answer if it is still good.",
    "HTTP_ORIGIN": "The site whose page made the browser send this request.",
    "HTTP_RANGE": "The client wants only this part of the document.",
    "HTTP_REFERER": "The page that linked here. The missing letter is in the specification.",
    "HTTP_SEC_FETCH_DEST": "What the browser will use the answer for.",
    "HTTP_SEC_FETCH_MODE": "How the browser makes this request: navigate, cors, no-cors and so on.",
    "HTTP_SEC_FETCH_SITE": "Whether this site or another one caused the request.",
    "HTTP_SEC_FETCH_USER": "Set if the user clicked or typed.",
    "HTTP_SEC_GPC": "The user asks that personal data be neither sold nor shared.",
    "HTTP_UPGRADE_INSECURE_REQUESTS": "The browser would rather have https.",
    "HTTP_USER_AGENT": "How the client describes itself. Any client can claim anything here.",
    "HTTP_X_FORWARDED_FOR": "The client’s address according to a proxy. Believe it only from a proxy of your own.",
    "HTTP_X_FORWARDED_PROTO": "http or https according to a proxy. Believe it only from a proxy of your own.",
}

# Widespread, yet not part of CGI/1.1.
OTHERS = {
    "DOCUMENT_ROOT": "The folder the server serves. A convention of several servers.",
    "HTTPS": "“on” if the request came encrypted. A convention of several servers.",
    "LANG": "Language and character encoding of the process.",
    "LC_ALL": "The same as LANG, with precedence over it.",
    "LC_CTYPE": "The character encoding. Python sets it for itself if LANG names none.",
    "PATH": "Where commands are looked for: also the interpreter after “#!/usr/bin/env”.",
    "REDIRECT_STATUS": "The status before a redirect inside the server. php-cgi refuses to run without it.",
    "REMOTE_PORT": "The port on the client’s side.",
    "REQUEST_SCHEME": "http or https. A convention of several servers.",
    "REQUEST_URI": "Path and query as the client sent them, not decoded. A convention of several servers.",
    "SCRIPT_FILENAME": "The file of this program. A convention of several servers.",
    "SERVER_ADDR": "The server’s address on this connection. A convention of several servers.",
    "TZ": "The time zone of the process.",
}


def shown(value):
    """Bytes as text that is safe in HTML. A byte that is not UTF-8 becomes \\xff."""
    text = value.decode("utf-8", "backslashreplace")
    return escape("".join(c if c.isprintable() else "\\x%02x" % ord(c) for c in text))


def entry(name, value, origin, explanation):
    if value is None:
        content = '<span class="unset">not set</span>'
    elif not value:
        content = '<span class="unset">empty</span>'
    else:
        content = "<code>" + shown(value) + "</code>"
    return (
        '<div class="variable"><h3><code>%s</code> %s</h3><p class="value">%s</p><p class="explain">%s</p></div>'
        % (name, origin, content, escape(explanation))
    )


def section(number):
    return '<a href="%s%s" rel="noreferrer">section %s</a>' % (RFC, number, number)


def main():
    given = dict(os.environb)
    parts = []

    for title, variables in GROUPS:
        parts.append("<h2>%s</h2>" % title)
        for name, number, explanation in variables:
            parts.append(entry(name, given.pop(name.encode(), None), section(number), explanation))

    parts.append("<h2>Header lines of the request</h2>")
    parts.append(
        "<p>A header line such as <code>Accept-Language</code> becomes <code>HTTP_ACCEPT_LANGUAGE</code>. "
        "<code>Content-Type</code> and <code>Content-Length</code> have variables of their own above. "
        "A header line <code>Proxy</code> should be missing here: <code>HTTP_PROXY</code> is a name "
        "that other software reads as a setting.</p>"
    )
    headers = sorted(name for name in given if name.startswith(b"HTTP_"))
    for name in headers:
        explanation = HEADERS.get(name.decode("ascii", "replace"), "A header line without an explanation in this program.")
        parts.append(entry(shown(name), given.pop(name), section("4.1.18"), explanation))
    if not headers:
        parts.append('<p class="quiet">None.</p>')

    parts.append("<h2>Other variables</h2>")
    parts.append("<p>Not from CGI/1.1, but from the server’s conventions and its own settings.</p>")
    for name in sorted(given):
        explanation = OTHERS.get(name.decode("ascii", "replace"), "A variable without an explanation in this program.")
        parts.append(entry(shown(name), given[name], '<span class="origin">not in the RFC</span>', explanation))

    parts.append("<h2>The process</h2>")
    parts.append(entry(
        "arguments", b" ".join(os.fsencode(a) for a in sys.argv[1:]), section("4.4"),
        "The words of a query without “=”, from the time of search pages without forms. A server need not pass them.",
    ))
    parts.append(entry(
        "current folder", os.fsencode(os.getcwd()), section("7.2"),
        "On Unix, the folder of the program: relative file names start there.",
    ))

    document = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The environment of a CGI program</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/style.css">
<p class="masthead"><img src="/favicon.svg" alt=""> <a href="/">Postern examples</a></p>
<h1>What a program is told</h1>
<p>The server describes the request to the program in environment variables, and passes the body on standard input.
These are the variables of the request you have just made, with the section of RFC 3875 that defines each.</p>
<p class="quiet">Try <a href="?greeting=hello&amp;to=%E4%B8%96%E7%95%8C">a query string</a>,
<a href="{script}/some/path">a path after the program</a> or
<a href="?two+words">a query without “=”</a>.</p>
{parts}
""".format(script="/" + quote(os.environb.get(b"SCRIPT_NAME", b"").lstrip(b"/")), parts="\n".join(parts))

    out = sys.stdout.buffer
    out.write(b"Content-Type: text/html; charset=utf-8\nCache-Control: no-store\n\n")
    if os.environ.get("REQUEST_METHOD") != "HEAD":
        out.write(document.encode())


main()
