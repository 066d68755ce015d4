#!/usr/bin/perl
# env: PERL5DB=BEGIN { print "Content-Type: text/plain\n\ndebugging\n" }
print "Content-Type: text/plain\n\nP $^P\n";
