#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\n
my $early;
BEGIN { $early = <STDIN> }
print "Content-Type: text/plain\n\n", "early $early", 'later ', <STDIN>;
