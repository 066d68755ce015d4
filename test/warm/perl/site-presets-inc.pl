#!/usr/bin/perl
# A module that is said to be loaded, and is not.
BEGIN { $INC{'Text/Abbrev.pm'} = 'nowhere'; *Text::Abbrev::import = sub { print "X-Import: mine\n" } }
use Text::Abbrev;
print "Content-Type: text/plain\n\n$INC{'Text/Abbrev.pm'}\n";
