#!/usr/bin/perl
use feature qw(say state fc current_sub signatures);
no warnings;
say "Content-Type: text/plain\n";
sub counter { state $n = 0; ++$n }
counter() for 1 .. 3;
say counter();
say fc 'STRASSE';
say sub ($n) { $n < 2 ? 1 : $n * __SUB__->($n - 1) }->(5);
