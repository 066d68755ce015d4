#! /usr/bin/perl  -w  
print "Content-Type: text/plain\n\n";
print "W $^W\n", 'x' . undef, "\n";
