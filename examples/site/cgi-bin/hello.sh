#!/bin/sh
# The smallest useful CGI program: header lines, an empty line, the document.
# It answers in plain text, so nothing has to be escaped. The "nosniff" line
# keeps a browser from guessing that the text might be HTML after all.

printf 'Content-Type: text/plain; charset=utf-8\n'
printf 'X-Content-Type-Options: nosniff\n'
printf '\n'

# A HEAD request wants the header and nothing else (RFC 3875, section 4.3.3).
[ "${REQUEST_METHOD-}" = HEAD ] && exit 0

# printf with a fixed format, never echo: the values come from outside and may
# begin with a dash or hold a backslash.
printf 'Hello from sh.\n\n'
printf 'method        %s\n' "${REQUEST_METHOD-}"
printf 'program       %s\n' "${SCRIPT_NAME-}"
printf 'path after it %s\n' "${PATH_INFO:-(none)}"
printf 'query string  %s\n' "${QUERY_STRING:-(none)}"
printf 'time          %s\n' "$(date)"
