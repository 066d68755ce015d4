#!/usr/bin/perl
BEGIN { *CORE::GLOBAL::die = sub { CORE::die('wrapped: ', @_) } }
use Carp;
print "Content-Type: text/plain\n\n";
eval { die "mine\n" };
print $@;
eval { croak "theirs\n" };
print $@ =~ s/ at .*//sr, "\n";
