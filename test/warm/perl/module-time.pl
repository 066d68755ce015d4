#!/usr/bin/perl
use Time::HiRes qw(time sleep gettimeofday tv_interval clock_gettime CLOCK_PROCESS_CPUTIME_ID);
use Time::Local;
use Time::Piece;
use Benchmark;
print "Content-Type: text/plain\n\n";
my $start = [gettimeofday];
sleep 0.05;
print tv_interval($start) > 0.04 ? "slept\n" : "not slept\n", clock_gettime(CLOCK_PROCESS_CPUTIME_ID) < 5 ? "fresh\n" : "used\n";
print abs(time - $^T) < 5 ? "now\n" : "not now\n", timegm(0, 0, 0, 1, 0, 100), "\n", gmtime(1_000_000_000)->ymd, ' ', Time::Piece->strptime('2001-02-03', '%Y-%m-%d')->epoch, "\n";
