#!/usr/bin/perl
use B::Deparse;
print "Content-Type: text/plain\n\n";
my $outer = 1;
print B::Deparse->new->coderef2text(sub { my ($x) = @_; print "x $x $outer\n" if $x > 1; return $x + 1 }), "\n";
print B::svref_2object(\&main::named)->GV->LINE, ' ', B::svref_2object(\&main::named)->FILE, "\n";
sub named { 1 }
print ref B::main_cv(), ' ', ref B::main_root(), ' ', ref B::main_start(), "\n";
print B::svref_2object(sub { })->OUTSIDE->isa('B::CV') ? "outside\n" : "none\n";
