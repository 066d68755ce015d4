#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my $count = 0;
AGAIN: print "round ", ++$count, "\n";
goto AGAIN if $count < 3;
sub real { print "real @_: ", join(',', (caller 0)[3]), "\n" }
sub forward { goto &real }
forward(1, 2);
print defined wantarray ? "wanted\n" : "nobody wants\n";
eval { goto NOWHERE };
print $@;
