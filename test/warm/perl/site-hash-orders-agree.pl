#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my %hash = map { $_ => 1 } 'a' .. 'z';
my @once = keys %hash;
my @again = keys %hash;
print "@once" eq "@again" ? "same\n" : "other\n", scalar(%hash), "\n";
print join(' ', map { $_ // 'undef' } each %{{ one => 1 }}), "\n";
