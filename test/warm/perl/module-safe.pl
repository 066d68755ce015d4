#!/usr/bin/perl
# accepted: strings that preloaded modules evaluated when they were loaded do not count in `(eval N)`
# mask: \(eval \d+\)
use Safe;
use Opcode;
use Hash::Util 'lock_keys';
use bigint;
print "Content-Type: text/plain\n\n";
my $safe = Safe->new;
print $safe->reval('1 + 2'), "\n";
$safe->reval('system "true"');
print $@;
my %locked = (a => 1);
lock_keys(%locked);
eval { $locked{b} = 1 };
print $@;
print 2 ** 70, "\n";
