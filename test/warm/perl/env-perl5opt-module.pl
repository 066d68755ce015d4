#!/usr/bin/perl
# env: PERL5OPT=-Mstrict -MList::Util=sum
print "Content-Type: text/plain\n\n", sum(1, 2, 3), "\n";
$undeclared = 1;
