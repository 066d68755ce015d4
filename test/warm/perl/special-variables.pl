#!/usr/bin/perl
sub show { my ($name, $value) = @_; print "$name ", defined $value ? "<$value>" : 'undef', "\n" }
BEGIN { our @begin = map { defined $_ ? "<$_>" : 'undef' } ($@, $?, $_, $,, $\, $/, $;, $", $|, $., $^W, $^P, $^D, $^F) }
print "Content-Type: text/plain\n\n";
show('$@', $@);
show('$?', $?);
show('$_', $_);
show('@_', scalar @_);
show('$,', $,);
show('$\\', $\);
show('$/', $/);
show('$;', $;);
show('$"', $");
show('$|', $|);
show('$-', $-);
show('$~', $~);
show('$^', $^);
show('$=', $=);
show('$%', $%);
show('$:', $:);
show('$.', $.);
show('$1', $1);
show('$&', $&);
show('$+', $+);
show('$a', $a);
show('$b', $b);
show('$^A', $^A);
show('$^L', $^L);
show('$^I', $^I);
show('$^R', $^R);
show('$^N', $^N);
show('$ARGV', $ARGV);
show('select', select);
our @begin;
print "begin @begin\n";
