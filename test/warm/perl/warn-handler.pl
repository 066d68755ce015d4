#!/usr/bin/perl -w
BEGIN { print "Content-Type: text/plain\n\n"; $SIG{__WARN__} = sub { print "handler: @_" } }
my $unused = 1; my $unused = 2;
warn 'plain';
warn "line\n";
my $text = 'x' . undef;
eval 'my $y; my $y;';
