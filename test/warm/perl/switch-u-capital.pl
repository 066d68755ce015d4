#!/usr/bin/perl -U
print "Content-Type: text/plain\n\nW $^W taint ${^TAINT}\n";
