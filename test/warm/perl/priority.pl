#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print 'priority ', getpriority(0, 0), "\n";
print `nice`;
require POSIX;
POSIX::nice(3);
print 'priority ', getpriority(0, 0), "\n", `nice`;
