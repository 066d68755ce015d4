#!/usr/bin/perl
use POSIX;
$| = 1;
print "Content-Type: text/plain\n\nkept\n";
sub DESTROY { print STDERR "never\n" }
our $object = bless [];
POSIX::_exit(6);
