#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
our ($x, @x, %x) = (1);
@x = (1, 2);
*alias = \@x;
our @alias;
print scalar(@alias), "\n";
sub shown { print "x $x\n" }
sub localized { local $x = 2; shown() }
localized();
shown();
{ local $/ = undef; local $| = 1; local $, = '-'; print 1, 2; print "\n" }
{ local @ARGV = ($0); my $first = <>; print $first }
print defined *STDIN{IO} ? "handle\n" : "none\n", *STDOUT{PACKAGE}, ' ', *STDOUT{NAME}, ' ', ref *STDOUT{IO}, "\n";
