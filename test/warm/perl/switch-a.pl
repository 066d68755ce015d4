#!/usr/bin/perl -an
# request: POST
# header: Content-Type: text/plain
# body: one two\nthree four\n
BEGIN { print "Content-Type: text/plain\n\n" }
print "$F[1] $F[0]\n";
