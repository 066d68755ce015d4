#!/usr/bin/perl -Z
print "Content-Type: text/plain\n\n";
