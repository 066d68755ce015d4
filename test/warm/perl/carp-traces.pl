#!/usr/bin/perl
use Carp qw(carp cluck croak confess longmess shortmess);
print "Content-Type: text/plain\n\n";
sub three { print longmess('long'), shortmess('short'), "\n"; carp 'carped'; cluck 'clucked'; croak 'croaked' if $_[0]; confess 'confessed' }
sub two { three(@_, 'word', undef, [1] ? 3 : 4) }
two(0);
eval { two(1) };
print $@;
print longmess('at top');
carp 'carped at top';
confess 'last';
