#!/usr/bin/perl -s
print "Content-Type: text/plain\n\n";
print defined $debug ? "debug $debug\n" : "no debug\n";
print scalar(@ARGV), " arguments\n";
