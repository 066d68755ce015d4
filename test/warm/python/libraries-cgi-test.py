#!/usr/bin/python3
# request: POST /extra?a=1
# header: Content-Type: application/x-www-form-urlencoded
# body: b=2&c=%C3%B6
# mask: 0x[0-9a-f]+
import cgi
cgi.test()
