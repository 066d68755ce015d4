#!/usr/bin/perl
# A child of the script has threads, and ends as perl does that has had some.
use Config;
use POSIX ();
$| = 1;
print "Content-Type: text/plain\n\n";
if (!$Config{useithreads}) { print "no threads\n"; exit }
my $child = fork // die $!;
if ($child == 0) { require threads; print threads->create(sub { 'joined' })->join, "\n"; exit 3 }
waitpid $child, 0;
print $? >> 8, "\n";
