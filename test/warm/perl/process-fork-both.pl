#!/usr/bin/perl
$| = 1;
print "Content-Type: text/plain\n\n";
my $child = fork // die $!;
if ($child == 0) { print "child\n", getpgrp == getppid ? "same group\n" : "other group\n"; exit 3 }
waitpid $child, 0;
print 'parent ', $? >> 8, "\n";
