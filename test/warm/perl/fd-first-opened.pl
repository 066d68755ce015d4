#!/usr/bin/perl
BEGIN { open my $early, '<', '/dev/null' or die $!; our $begin = fileno $early }
our $begin;
print "Content-Type: text/plain\n\nbegin $begin\n";
open my $one, '<', '/dev/null' or die $!;
open my $two, '<', '/dev/null' or die $!;
pipe my $read, my $write or die $!;
print join(' ', fileno $one, fileno $two, fileno $read, fileno $write), "\n";
