#!/usr/bin/perl
# request: OPTIONS
print "Status: 204\nAllow: GET\n\n";
