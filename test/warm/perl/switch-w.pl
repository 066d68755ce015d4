#!/usr/bin/perl -w
print "Content-Type: text/plain\n\n";
print "W $^W\n";
my $text = 'x' . undef;
my $sum = 'three apples' + 4;
my @list = (1);
print "$list[3]|\n";
sub twice { 1 }
eval 'sub twice { 2 }';
print STDOUT $nothing;
{ no warnings; my $quiet = 'x' . undef }
{ local $^W = 0; my $quiet = 'x' . undef }
