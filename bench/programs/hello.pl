#!/usr/bin/perl
# The bare interpreter: no module but the two that every program loads.
use strict;
use warnings;

print "Content-Type: text/plain\r\n\r\nhello from Perl\n";
