#!/usr/bin/perl
print "Content-Type: text/plain\n\nno status line\n";
