#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print 'line ', __LINE__, "\n";
print "the end\n"