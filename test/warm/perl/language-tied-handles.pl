#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
package Loud { sub TIEHANDLE { bless [] } sub PRINT { my $self = shift; push @$self, @_; 1 } sub CLOSE { 1 } }
package main;
tie *STDOUT, 'Loud';
print 'hidden';
my $kept = tied *STDOUT;
my $text = join ',', @$kept;
undef $kept;
untie *STDOUT;
print "$text\n";
