#!/usr/bin/perl
# accepted: what is left at the very end goes in another order, which perl does not promise
# mask: \w+ DESTRUCT$
print "Content-Type: text/plain\n\n";
package Noisy;
sub new { my ($class, $name) = @_; bless { name => $name }, $class }
sub DESTROY { print "$_[0]{name} ${^GLOBAL_PHASE}\n" }
package main;
my $lexical = Noisy->new('my');
our $global = Noisy->new('our');
my $closed = Noisy->new('closure');
sub keeps { $closed }
use feature 'state';
sub stated { state $state = Noisy->new('state') }
stated();
my $cycle = Noisy->new('cycle');
$cycle->{self} = $cycle;
local $localized = Noisy->new('local');
END { print 'end sees ', $lexical->{name}, "\n" }
print "last line\n";
