#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print "$_ ", defined $SIG{$_} ? "<$SIG{$_}>" : 'undef', "\n" for sort keys %SIG;
print defined $SIG{__WARN__} ? "warn\n" : "no warn\n", defined $SIG{__DIE__} ? "die\n" : "no die\n";
