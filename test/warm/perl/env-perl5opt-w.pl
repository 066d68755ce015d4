#!/usr/bin/perl
# env: PERL5OPT=-w
print "Content-Type: text/plain\n\nW $^W\n", 'x' . undef, "\n";
print "$_\n" for @INC;
