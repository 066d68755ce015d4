#!/usr/bin/perl -l
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\n
print "Content-Type: text/plain\n";
print ord $\;
print 'no end of line needed';
while (<STDIN>) { print "<$_>" }
