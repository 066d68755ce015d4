#!/usr/bin/perl
my $errno;
BEGIN { $errno = $! + 0 }
my $running = $! + 0;
print "Content-Type: text/plain\n\n";
print "begin $errno\nrun $running\n";
