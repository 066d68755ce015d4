#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my ($user, $system, $child_user, $child_system) = times;
print $user < 5 ? "fresh\n" : "user $user\n";
print $system < 5 ? "fresh\n" : "system $system\n";
print "children $child_user $child_system\n";
require POSIX;
print POSIX::clock() < 5_000_000 ? "fresh\n" : "clock\n";
