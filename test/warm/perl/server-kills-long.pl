#!/usr/bin/perl
# option: totalTimeout=2s
$SIG{TERM} = sub { exit 7 };
$| = 1;
print "Content-Type: text/plain\n\nbefore\n";
sleep 20;
