#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
open my $from, '-|', 'echo one; echo two; exit 3' or die $!;
print "read $_" while <$from>;
print close($from) ? "fine\n" : 'failed ' . ($? >> 8) . " $!\n";
$| = 1;
open my $to, '|-', 'tr a-z A-Z' or die $!;
print $to "written\n";
close $to;
my $child = open my $forked, '-|';
if ($child == 0) { print "from the child\n"; exit 0 }
print <$forked>;
close $forked;
open my $words, '-|', 'echo', 'a', '*' or die $!;
print <$words>;
