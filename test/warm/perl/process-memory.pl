#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my $text = 'x' x 20_000_000;
print length $text, "\n";
my ($fault) = (`ulimit -v 100000; $^X -e 'my \$x = "x" x 500_000_000; print 1' 2>&1`);
print $fault;
