#!/usr/bin/perl
# A sub that is defined before its module is loaded.
#
BEGIN { *Text::Abbrev::abbrev = sub { 'mine' } }
use Text::Abbrev ();
print "Content-Type: text/plain\n\n";
print ref \Text::Abbrev::abbrev('one'), ' ', eval { Text::Abbrev::abbrev('one') eq 'mine' } ? 'mine' : 'of the module', "\n";
