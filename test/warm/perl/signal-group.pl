#!/usr/bin/perl
$| = 1;
print "Content-Type: text/plain\n\n";
my $got = 0;
$SIG{USR1} = sub { $got++ };
my $child = fork // die $!;
if ($child == 0) { $SIG{USR1} = sub { exit 8 }; kill USR1 => getppid; select undef, undef, undef, 0.1 for 1 .. 100; exit 0 }
select undef, undef, undef, 0.05 until $got;
kill -USR1 => getpgrp;
waitpid $child, 0;
print "$got ", $? >> 8, "\n";
