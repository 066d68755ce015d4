#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$SIG{CHLD} = 'IGNORE';
my $child = fork // die $!;
exit 3 if $child == 0;
print 'waitpid ', waitpid($child, 0) == -1 ? 'none' : 'some', "\n";
print `grep ^SigIgn /proc/self/status`;
$SIG{CHLD} = 'DEFAULT';
system 'exit 4;';
print $? >> 8, "\n";
