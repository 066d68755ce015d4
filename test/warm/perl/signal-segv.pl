#!/usr/bin/perl
$| = 1;
print "Content-Type: text/plain\n\nbefore\n";
my $text = unpack 'p', pack 'L!', 1;
print "read $text\n";
