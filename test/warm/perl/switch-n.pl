#!/usr/bin/perl -n
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\nthree\n
BEGIN { print "Content-Type: text/plain\n\n" }
print "$.: $_";
END { print "lines $.\n" }
