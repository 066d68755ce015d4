#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
use 5.006;
eval 'no 6; print "fine\n"';
eval 'use v9.1.2';
print $@;
eval { require 5.999 };
print $@;
