#!/usr/bin/perl
# with: lib
# with: shadow
use strict;
use FindBin;
use File::Basename;
use lib "$FindBin::Bin/lib", dirname(__FILE__) . '/shadow';
use Data::Dumper;
use Site::Plain;
print "Content-Type: text/plain\n\n", Dumper([1]), "$INC{'Site/Plain.pm'}\n";
