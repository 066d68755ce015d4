#!/usr/bin/perl
print "Content-Type: text/plain\n\nbefore\n";

print "never\n";
