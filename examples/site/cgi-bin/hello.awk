#!/bin/sh
# Greets by name: /cgi-bin/hello.awk?name=Ada
#
# Why not "#!/usr/bin/awk -f" in the first line? A server may pass the words of
# a query without "=" as arguments (RFC 3875, section 4.4), and awk would take
# the first of them for options of its own: a query beginning with "-" could
# name another program to run. Started from sh, awk sees no argument from outside.
#
# LC_ALL=C makes one character one byte in every awk (mawk, gawk, busybox, BWK).
# There is no apostrophe below, since the whole program stands between two.

LC_ALL=C
export LC_ALL

exec awk '
function escape(text) {
    gsub(/[\001-\037\177]/, " ", text)
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    gsub(/"/, "\\&quot;", text)
    gsub(/\047/, "\\&#39;", text)
    return text
}

# The number that one hexadecimal digit stands for, or -1.
function digit(character) {
    return character == "" ? -1 : index("0123456789abcdef", tolower(character)) - 1
}

function decode(text,    result, i, high, low) {
    gsub(/\+/, " ", text)
    result = ""
    while ((i = index(text, "%")) > 0) {
        result = result substr(text, 1, i - 1)
        high = digit(substr(text, i + 1, 1))
        low = digit(substr(text, i + 2, 1))
        if (high < 0 || low < 0) {
            result = result "%"
            text = substr(text, i + 1)
        } else {
            # Not every awk can hold a zero byte in a string.
            result = result (high + low == 0 ? " " : sprintf("%c", 16 * high + low))
            text = substr(text, i + 3)
        }
    }
    return result text
}

function shown(text) {
    return text == "" ? "(none)" : escape(text)
}

BEGIN {
    name = ""
    count = split(ENVIRON["QUERY_STRING"], pairs, "&")
    for (i = 1; i <= count; i++)
        if (name == "" && index(pairs[i], "name=") == 1)
            name = substr(decode(substr(pairs[i], 6)), 1, 240)
    if (name !~ /[^ \t]/)
        name = "world"

    print "Content-Type: text/html; charset=utf-8"
    print ""
    if (ENVIRON["REQUEST_METHOD"] == "HEAD")
        exit

    print "<!doctype html>"
    print "<html lang=\"en\">"
    print "<meta charset=\"utf-8\">"
    print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    print "<title>Hello from awk</title>"
    print "<link rel=\"icon\" href=\"/favicon.svg\">"
    print "<link rel=\"stylesheet\" href=\"/style.css\">"
    print "<p class=\"masthead\"><img src=\"/favicon.svg\" alt=\"\"> <a href=\"/\">Postern examples</a></p>"
    print "<h1>Hello, " escape(name) ".</h1>"
    print "<p>Written by awk.</p>"
    print "<dl class=\"pairs\">"
    print "<dt>Method</dt><dd><code>" escape(ENVIRON["REQUEST_METHOD"]) "</code></dd>"
    print "<dt>Program</dt><dd><code>" escape(ENVIRON["SCRIPT_NAME"]) "</code></dd>"
    print "<dt>Path after it</dt><dd><code>" shown(ENVIRON["PATH_INFO"]) "</code></dd>"
    print "<dt>Query string</dt><dd><code>" shown(ENVIRON["QUERY_STRING"]) "</code></dd>"
    print "</dl>"
    print "<form class=\"inline\">"
    print "<div class=\"field\"><label for=\"name\">Another name</label>"
    print "<input type=\"text\" id=\"name\" name=\"name\" maxlength=\"80\"></div>"
    print "<button>Greet</button>"
    print "</form>"
}'
