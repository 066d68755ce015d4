#!/usr/bin/perl
use Time::HiRes qw(ualarm getitimer setitimer ITIMER_REAL ITIMER_VIRTUAL ITIMER_PROF);
print "Content-Type: text/plain\n\n";
print "$_ ", join(',', getitimer($_)), "\n" for ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF;
$SIG{ALRM} = sub { print "alarm\n" };
setitimer(ITIMER_REAL, 0.1);
select undef, undef, undef, 2;
