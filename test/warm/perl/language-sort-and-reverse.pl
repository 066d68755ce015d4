#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
sub by_number { $a <=> $b }
print join(' ', sort by_number 10, 9, 100), ' ', join(' ', reverse sort { $b cmp $a } qw(b a c)), "\n";
my $sub = sub { $b <=> $a };
print join(' ', sort $sub 1, 3, 2), "\n", scalar reverse('abc'), "\n", defined $a ? "left $a\n" : "none left\n";
