#!/usr/bin/perl -wT
print "Content-Type: text/plain\n\n";
system 'echo hello';
print "not reached\n";
