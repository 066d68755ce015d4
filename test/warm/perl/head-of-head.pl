#!/usr/bin/perl
# request: HEAD ?a=b
print "Content-Type: text/plain\n\n";
print "$ENV{REQUEST_METHOD}\n" x 1000;
