#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: words
print "Content-Type: text/plain\n\n";
vec(my $want = '', fileno STDIN, 1) = 1;
vec(my $give = '', fileno STDOUT, 1) = 1;
my $ready = select my $read = $want, my $write = $give, undef, 1;
print "$ready ready\n", $read eq $want ? "readable\n" : '', $write eq $give ? "writable\n" : '';
print select, "\n";
