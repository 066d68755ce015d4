#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
eval { eval { die "inner\n" }; print "caught $@"; die "outer\n" };
print "caught $@";
eval { eval { die "inner\n" }; die };
print "caught $@";
eval { local $@ = 'kept'; eval { 1 }; print "empty <$@>\n" };
eval 'die "in string"';
print $@;
eval { my $x = 1 / ($ENV{NOTHING} || 0) };
print $@;
eval { undef->method };
print $@;
eval { local $SIG{ALRM} = sub { die "alarm\n" }; alarm 1; select undef, undef, undef, 5; alarm 0 };
print $@;
warn;
$@ = 'pending';
warn;
