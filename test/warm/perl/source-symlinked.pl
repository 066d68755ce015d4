#!/usr/bin/perl
# at: real/source-symlinked.pl
# link: bin/linked.pl
use FindBin qw($Bin $Script $RealBin $RealScript);
use Cwd;
print "Content-Type: text/plain\n\n";
print "$0\n", __FILE__, "\n$Bin\n$Script\n$RealBin\n$RealScript\n", getcwd(), "\n$ENV{SCRIPT_FILENAME}\n";
