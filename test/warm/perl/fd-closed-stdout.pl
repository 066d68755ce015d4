#!/usr/bin/perl
use warnings;
print "Content-Type: text/plain\n\n";
close STDOUT;
print 'to nothing';
open my $file, '<', '/dev/null' or die $!;
print STDERR fileno $file, "\n";
print STDERR `echo child`;
