#!/usr/bin/perl -w -T
print "Content-Type: text/plain\n\n";
print "W $^W\ntaint ${^TAINT}\n";
