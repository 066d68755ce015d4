#!/usr/bin/perl -p
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\nthree\n
BEGIN { print "Content-Type: text/plain\n\n" }
tr/a-z/A-Z/;
