#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$| = 1;
print "one\n";
syswrite STDOUT, "two\n";
$| = 0;
print "four\n";
syswrite STDOUT, "three\n";
print STDERR "error\n";
printf "%s\n", 'five';
