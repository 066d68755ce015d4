#!/usr/bin/perl
print "Content-Type: application/octet-stream\n\n";
print map { chr($_ % 256) x 1024 } 1 .. 1024;
