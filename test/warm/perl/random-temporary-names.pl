#!/usr/bin/perl
# runs: random
use File::Temp qw(tempfile tempdir);
print "Content-Type: text/plain\n\n";
my ($handle, $name) = tempfile(UNLINK => 1);
print "$name\n", tempdir(CLEANUP => 1), "\n", File::Temp->new->filename, "\n";
