#!/bin/sh
# A script whose name begins with "nph-" (no parsed header) speaks HTTP itself:
# the server passes on what it writes, from the status line to the last byte
# (RFC 3875, section 5). So the line ends are those of HTTP, CR and LF, and what
# the server would add otherwise, such as the date, is up to the script.

printf 'HTTP/1.1 200 OK\r\n'
printf 'Date: %s\r\n' "$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')"
printf 'Content-Type: text/plain; charset=utf-8\r\n'
printf 'X-Content-Type-Options: nosniff\r\n'
printf 'Cache-Control: no-store\r\n'
# No length is given: the end of the connection is the end of the document.
printf 'Connection: close\r\n'
printf '\r\n'

[ "${REQUEST_METHOD-}" = HEAD ] && exit 0

for number in 1 2 3 4 5; do
    printf '%s\n' "$number"
    sleep 1
done
printf 'This answer came from the script, header and all.\n'
