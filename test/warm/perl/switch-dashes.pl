#!/usr/bin/perl -- # -*- perl -*-
print "Content-Type: text/plain\n\n";
print scalar(@ARGV), " arguments\nW $^W\n";
