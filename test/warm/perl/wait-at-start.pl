#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print 'wait ', wait, " $?\n";
print $!{ECHILD} ? "no children\n" : "$!\n";
require POSIX;
print 'waitpid ', waitpid(-1, POSIX::WNOHANG()), "\n";
print 'alarm ', alarm(0), "\n";
