#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
eval { exit 4 };
print "never\n";
