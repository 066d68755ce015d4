#!/usr/bin/perl
# env: PERL_HASH_SEED=0
# env: PERL_PERTURB_KEYS=0
print "Content-Type: text/plain\n\n";
my %fruit = map { $_ => 1 } qw(apple pear plum cherry fig quince medlar grape);
print join(' ', keys %fruit), "\n";
