#!/usr/bin/perl
use List::Util qw(sum max first reduce uniq pairs);
use Scalar::Util qw(blessed reftype looks_like_number dualvar refaddr weaken);
print "Content-Type: text/plain\n\n";
print join(' ', sum(1 .. 4), max(3, 9, 2), first(sub { $_ > 2 }, 1 .. 5), reduce(sub { $a * $b }, 1 .. 5), uniq(1, 1, 2)), "\n";
print join(' ', blessed(bless [], 'Thing'), reftype(bless {}), looks_like_number('1e3') ? 1 : 0, dualvar(5, 'five') + 1), "\n";
my $self = {};
$self->{self} = $self;
weaken $self->{self};
print defined $self->{self} ? "kept\n" : "lost\n";
