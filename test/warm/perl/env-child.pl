#!/usr/bin/perl
# request: GET /extra/path?a=b&c=d
# env: POSTERN_OWN=a value
$| = 1;
print "Content-Type: text/plain\n\n";
system 'env | LC_ALL=C sort';
