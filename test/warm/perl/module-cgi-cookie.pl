#!/usr/bin/perl
# header: Cookie: one=a%20b&c; two=
use CGI::Cookie;
my %cookies = CGI::Cookie->fetch;
print 'Set-Cookie: ', CGI::Cookie->new(-name => 'new', -value => ['a', 'b'], -path => '/x', -secure => 1, -samesite => 'Lax'), "\n";
print "Content-Type: text/plain\n\n";
print "$_: ", join('|', $cookies{$_}->value), "\n" for sort keys %cookies;
