#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
local $SIG{ALRM} = sub { print "alarm\n" };
alarm 1;
my $slept = select undef, undef, undef, 5;
print $!{EINTR} ? "interrupted\n" : "not interrupted\n", alarm(0), "\n";
