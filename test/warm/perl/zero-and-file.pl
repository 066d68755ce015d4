#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print "0 $0\nfile ", __FILE__, "\nline ", __LINE__, "\npackage ", __PACKAGE__, "\n";
BEGIN { our @early = ($0, __FILE__, __LINE__, __PACKAGE__) }
our @early;
print "early @early\n";
