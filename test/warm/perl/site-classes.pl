#!/usr/bin/perl
# accepted: strings that preloaded modules evaluated when they were loaded do not count in `(eval N)`
# mask: \(eval \d+\)
# with: lib
package Base::Thing { sub new { my $class = shift; bless {@_}, $class } sub name { $_[0]{name} } sub DESTROY { print "gone $_[0]{name}\n" } }
package Derived { our @ISA = 'Base::Thing'; sub name { my $self = shift; 'derived ' . $self->SUPER::name() } use overload '+' => sub { 'sum' }, '""' => sub { $_[0]->name }, '<=>' => sub { 0 } }
package main;
use lib 'lib';
use parent -norequire, 'Derived';
use fields;
use constant { ONE => 1, LIST => [1, 2] };
print "Content-Type: text/plain\n\n";
my $thing = Derived->new(name => 'thing');
print "$thing ", $thing + 1, ' ', ONE, ' ', LIST->[1], ' ', main->can('name') ? 'inherited' : 'not', "\n";
eval 'use base "Site::Nothing"';
print $@ =~ s/\(\@INC.*?\)//sr;
eval 'use base "Site::Plain"; print "based\n"';
undef $thing;
print "after\n";
