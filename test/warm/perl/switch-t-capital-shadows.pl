#!/usr/bin/perl -T
# switch-t-capital-modules.pl has the installed module of this name loaded ahead.
# with: shadow
use FindBin;
BEGIN { ($FindBin::Bin) = $FindBin::Bin =~ /(.*)/s }
use lib "$FindBin::Bin/shadow";
use Text::Wrap;
print "Content-Type: text/plain\n\n$INC{'Text/Wrap.pm'}\n";
