#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print "before\n";
return 1;
print "after\n";
