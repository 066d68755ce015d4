#!/usr/bin/perl
use POSIX;
print "Content-Type: text/plain\n\n";
print POSIX::setsid() // 'undef', " $!\n";
print setpgrp(0, 0) ? "set\n" : "not set $!\n";
print getpgrp == $$ ? "leader\n" : "not the leader\n";
open my $terminal, '<', '/dev/tty' or print "no terminal\n";
print POSIX::ttyname(0) // 'none', "\n";
