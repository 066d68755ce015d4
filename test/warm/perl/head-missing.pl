#!/usr/bin/perl
print "no head at all\n";
