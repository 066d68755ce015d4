#!/bin/sh
# The three redirects of CGI (RFC 3875, sections 6.2.2 to 6.2.4):
#
#   redirect.sh               a path alone: the server answers with that document
#                             itself, and the browser's address stays as it is
#   redirect.sh?to=client     a whole address: the server sends 302, and the
#                             browser goes there
#   redirect.sh?to=document   the same, with a status and a document of our own
#
# The target is fixed. A program that redirects wherever its query says helps
# others to hide where a link leads.

target=/cgi-bin/hello.py/from-a

case "&${QUERY_STRING-}&" in
*'&to=client&'* | *'&to=document&'*) ;;
*)
    # By the specification, no other header line and no document.
    printf 'Location: %s-local-redirect\n\n' "$target"
    exit
    ;;
esac

# The host as the client knows it, if it looks like one. Anything else, in
# particular a line end, must not get into our header.
host=${HTTP_HOST-}
case $host in
'' | *[!][A-Za-z0-9.:_-]*)
    host=${SERVER_NAME:-localhost}:${SERVER_PORT:-80}
    ;;
esac
case ${HTTPS-} in
on | ON | 1) scheme=https ;;
*) scheme=http ;;
esac

address=$scheme://$host$target

case "&${QUERY_STRING-}&" in
*'&to=client&'*)
    printf 'Location: %s-client-redirect\n\n' "$address"
    ;;
*)
    printf 'Status: 302 Found\n'
    printf 'Location: %s-redirect-with-a-document\n' "$address"
    printf 'Content-Type: text/html; charset=utf-8\n\n'
    [ "${REQUEST_METHOD-}" = HEAD ] && exit 0
    printf '<!doctype html>\n<title>Found</title>\n'
    printf '<p>The document is <a href="%s-redirect-with-a-document">over there</a>.</p>\n' "$address"
    ;;
esac
