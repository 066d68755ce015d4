#!/usr/bin/perl
package Trouble;
use overload '""' => sub { "trouble: $_[0]{what}\n" }, fallback => 1;
sub PROPAGATE { my ($self, $file, $line) = @_; bless { what => "$self->{what} again at line $line" } }
package main;
print "Content-Type: text/plain\n\n";
$! = 0;
eval { die bless { what => 'first' }, 'Trouble' };
print ref $@, " $@";
eval { die };
print ref $@, " $@";
die bless { what => 'last' }, 'Trouble';
