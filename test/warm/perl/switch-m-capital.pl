#!/usr/bin/perl -MPOSIX=floor
print "Content-Type: text/plain\n\n", floor(2.5), "\n";
