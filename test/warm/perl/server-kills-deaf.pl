#!/usr/bin/perl
# option: firstByteTimeout=2s
$SIG{TERM} = 'IGNORE';
sleep 20 for 1 .. 3;
