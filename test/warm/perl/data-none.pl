#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print defined fileno(DATA) ? "there\n" : "none\n";
print defined *DATA{IO} ? "handle\n" : "no handle\n";
my $line = <DATA>;
print defined $line ? "read\n" : "nothing\n";
