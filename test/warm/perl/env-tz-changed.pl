#!/usr/bin/perl
BEGIN { $ENV{TZ} = 'Pacific/Auckland' }
print "Content-Type: text/plain\n\n";
print scalar(localtime 1_000_000_000), "\n", scalar(gmtime 1_000_000_000), "\n";
local $ENV{TZ} = 'UTC+3';
print scalar(localtime 1_000_000_000), "\n";
