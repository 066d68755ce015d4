#!/usr/bin/perl
print "Status: 303 See Other\nLocation: /elsewhere\nContent-Type: text/plain\n\ngo there\n";
