#!/usr/bin/perl
# request: GET /extra/path?a=b&c=d
# header: X-Something: of its own
# header: Cookie: one=1; two=2
# env: POSTERN_OWN=a value
print "Content-Type: text/plain\n\n";
print "$_=$ENV{$_}\n" for sort keys %ENV;
