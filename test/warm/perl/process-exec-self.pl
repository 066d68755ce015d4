#!/usr/bin/perl
$| = 1;
if (!$ENV{AGAIN}) { print "Content-Type: text/plain\n\nfirst $$\n" =~ s/\d+/_/r; $ENV{AGAIN} = $$; exec $0, 'word' or die $! }
print $ENV{AGAIN} == $$ ? "same process\n" : "another\n", "@ARGV\n$0\n", getpgrp == $$ ? "leader\n" : "not the leader\n";
print map { "$_\n" } sort { $a <=> $b } grep { -e "/proc/self/fd/$_" } 0 .. 70;
