#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
sub hints {
  my @frame = caller 0;
  print join(', ', $frame[8], defined $frame[9] ? unpack('H*', $frame[9]) : 'undef', defined $frame[10] ? 'hash' : 'undef'), "\n";
}
hints();
{ use strict; hints() }
{ use warnings; hints() }
{ no warnings; hints() }
{ use integer; hints() }
{ use feature 'say'; hints() }
{ use utf8; hints() }
{ use 5.012; hints() }
