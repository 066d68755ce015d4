#!/usr/bin/perl
# mask: \[\w{3} \w{3} +\d+ [\d:]+ \d{4}\]|\w{3} \w{3} +\d+ [\d:]+ \d{4}
use CGI::Carp qw(fatalsToBrowser);
print "Content-Type: text/plain\n\n";
my $x = ;
