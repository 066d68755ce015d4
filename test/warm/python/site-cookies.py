#!/usr/bin/python3
# header: Cookie: session=abc; theme="dark mode"
import http.cookies
import os
cookie = http.cookies.SimpleCookie(os.environ.get("HTTP_COOKIE", ""))
print("Content-Type: text/plain")
for name in sorted(cookie):
    cookie[name]["path"] = "/"
print(cookie)
print("Set-Cookie: plain=1\n")
print(sorted((name, morsel.value) for name, morsel in cookie.items()))
