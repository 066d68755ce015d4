#!/usr/bin/perl
# env: TZ=Asia/Kathmandu
use POSIX;
print "Content-Type: text/plain\n\n";
print scalar(localtime 1_000_000_000), "\n";
print strftime('%Y-%m-%d %H:%M:%S %Z %z', localtime 1_000_000_000), "\n";
print join(' ', tzname()), "\n", mktime(0, 0, 0, 1, 0, 100), "\n";
print `date -d \@1000000000 2>&1`;
$ENV{TZ} = 'America/New_York';
tzset();
print scalar(localtime 1_000_000_000), "\n";
