#!/usr/bin/perl
# runs: random
use Digest::MD5 'md5_hex';
print "Content-Type: text/plain\n\n";
print md5_hex(rand, {}, $$), "\n", join('', map { ('a' .. 'z', 0 .. 9)[rand 36] } 1 .. 32), "\n";
