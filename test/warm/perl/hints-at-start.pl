#!/usr/bin/perl
BEGIN { our ($hints, $keys, $bits) = ($^H, join(',', keys %^H), defined ${^WARNING_BITS} ? unpack('H*', ${^WARNING_BITS}) : 'undef') }
our ($hints, $keys, $bits);
print "Content-Type: text/plain\n\n";
printf "hints %x\nkeys <%s>\nbits %s\n", $hints & 0xffffff, $keys, $bits;
print eval('BEGIN { our $in = sprintf "%x", $^H & 0xffffff } our $in'), "\n";
print eval('say 1') // "no say: $@";
print eval('state $x = 1') // "no state: $@";
print eval('my $s = "x"; fc $s') // "no fc: $@";
print eval('use strict; $nowhere = 1') // "strict: $@";
print eval('sub with ($x) { $x } with(3)') // "no signatures: $@", "\n";
