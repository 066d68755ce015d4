#!/usr/bin/perl -w
# with: lib
BEGIN { print "Content-Type: text/plain\n\n" }
eval 'INIT { print "init\n" } CHECK { print "check\n" } print "eval\n"';
print $@;
require './lib/late.pl';
