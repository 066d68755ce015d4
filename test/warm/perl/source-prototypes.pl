#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
sub apply(&@) { my $code = shift; map { $code->($_) } @_ }
print join(',', apply { $_[0] * 2 } 1, 2, 3), "\n";
sub pair($$) { "@_" }
my @two = (5, 6);
print pair(@two, 1), "\n", prototype('pair'), ' ', prototype('CORE::push') // 'undef', "\n";
eval 'pair(1)';
print $@;
