#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
use sigtrap;
for my $name (qw(HUP INT USR1 USR2 PIPE TERM CHLD CONT WINCH)) { $SIG{$name} = sub { print "got $_[0]\n" } }
kill $_ => $$ for qw(HUP INT USR1 USR2 PIPE TERM CHLD WINCH);
$SIG{TERM} = 'IGNORE';
kill TERM => $$;
$SIG{TERM} = \&named;
sub named { print "named $_[0]\n"; exit 3 }
kill TERM => $$;
print "never\n";
