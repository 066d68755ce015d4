#!/usr/bin/perl
# with: lib
# A module of the site's own with the name of one that comes with Perl.
# with: shadow
use lib 'shadow';
use Data::Dumper;
use Text::Wrap;
print "Content-Type: text/plain\n\n", Dumper([1, 2]), Text::Wrap::wrap('', '', 'words'), "\n", "$INC{'Data/Dumper.pm'} $INC{'Text/Wrap.pm'}\n";
