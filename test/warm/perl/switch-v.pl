#!/usr/bin/perl -v
print "Content-Type: text/plain\n\n";
