#!/usr/bin/perl
# with: lib
use FindBin;
use lib "$FindBin::Bin/lib";
use Site::Plain;
print "Content-Type: text/plain\n\n";
print "$FindBin::Bin\n", Site::Plain::name(), "\n$INC{'Site/Plain.pm'}\n";
Site::Plain::complain();
FindBin->again;
print "$FindBin::Script\n";
Site::Plain::fail();
