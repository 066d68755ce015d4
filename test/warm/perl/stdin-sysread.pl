#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: 0123456789
$| = 1;
print "Content-Type: text/plain\n\n";
my $bytes;
print sysread(STDIN, $bytes, 4), " $bytes\n";
print sysread(STDIN, $bytes, 2, 4), " $bytes\n";
system 'cat; echo';
print sysread(STDIN, $bytes, 4), "\n";
