#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
system 'exit 12;';
$! = 0;
die "failed\n";
