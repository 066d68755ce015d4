#!/usr/bin/perl
print "Location: http://other.example/new?a=b\n\n";
