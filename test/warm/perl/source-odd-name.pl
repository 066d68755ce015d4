#!/usr/bin/perl
# at: a folder/it's a "script" & more.pl
use FindBin;
print "Content-Type: text/plain\n\n";
print "$0\n$FindBin::Bin\n$FindBin::Script\n";
warn 'warned';
