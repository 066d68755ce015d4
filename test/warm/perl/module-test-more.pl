#!/usr/bin/perl
BEGIN { $| = 1; print "Content-Type: text/plain\n\n" }
use Test::More tests => 3;
ok(1, 'one');
is(2, 3, 'two');
like('x', qr/x/, 'three');
