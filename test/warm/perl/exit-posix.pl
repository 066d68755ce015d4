#!/usr/bin/perl
use POSIX;
print "Content-Type: text/plain\n\nlost\n";
END { print STDERR "never\n" }
POSIX::_exit(6);
