#!/usr/bin/perl
use v5.36;
print "Content-Type: text/plain\n\n";
sub add ($one, $two = 2) { $one + $two }
say add(1);
say eval { add() } // $@;
say eval '$undeclared = 1' // $@;
my $text = 'x' . undef;
