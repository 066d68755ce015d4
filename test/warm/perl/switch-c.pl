#!/usr/bin/perl -c
BEGIN { print "Content-Type: text/plain\n\nC $^C\n" }
print "not reached\n";
