#!/usr/bin/perl
use POSIX;
use CGI;
use Data::Dumper;
print "Content-Type: text/plain\n\n";
print eval '__FILE__', "\n", eval '(caller 0)[3]', "\n";
eval 'die "numbered"';
print $@;
