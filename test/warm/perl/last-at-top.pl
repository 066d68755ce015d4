#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print "before\n";
last;
print "after\n";
