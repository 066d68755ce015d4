#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my $start = $^T;
my $now = time;
print abs($now - $start) <= 2 ? "started now\n" : "started $start, now $now\n";
my $file = "new-age";
open my $new, '>', $file or die $!;
close $new;
print abs(-M $file) < 3 / 86400 ? 'new' : 'aged ' . -M _, "\n";
print abs(-A $file) < 3 / 86400 ? 'new' : 'aged ' . -A _, "\n";
unlink $file;
