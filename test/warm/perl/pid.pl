#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print $$ == readlink('/proc/self') ? "pid\n" : "not the pid: $$\n";
print $$ == getpgrp ? "leader\n" : "not the leader\n";
print getppid > 1 ? "has a parent\n" : "orphan\n";
print $$ == `echo \$PPID` ? "parent of its child\n" : "not the parent of its child\n";
require POSIX;
print POSIX::getpid() == $$ ? "same\n" : "other\n";
print POSIX::getpgrp() == $$ ? "same\n" : "other\n";
open my $stat, '<', '/proc/self/stat' or die $!;
my ($pid, $parent, $group, $session, $terminal) = <$stat> =~ /^(\d+) \(.*\) \S (\d+) (\d+) (-?\d+) (-?\d+)/;
print $session == $$ ? "session leader\n" : "in a session\n";
print $parent == getppid ? "same parent\n" : "other parent\n";
print "terminal $terminal\n";
