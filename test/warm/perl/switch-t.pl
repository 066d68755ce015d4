#!/usr/bin/perl -t
print "Content-Type: text/plain\n\n";
$| = 1;
print 'taint ', ${^TAINT}, "\n";
system 'echo warned';
