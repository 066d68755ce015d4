#!/usr/bin/perl -w
use strict;
use POSIX;
use Data::Dumper;
use File::Temp;
use CGI;
print "Content-Type: text/plain\n\n";
$Data::Dumper::Indent = 1;
print Dumper({ one => [1, undef] });
print floor(1.5), "\n";
my $text = Dumper() . undef;
