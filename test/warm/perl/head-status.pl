#!/usr/bin/perl
print "Status: 404 Nothing Here\nContent-Type: text/plain\nX-One: a\nX-One: b\n\nnot found\n";
