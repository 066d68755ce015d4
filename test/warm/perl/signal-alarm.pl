#!/usr/bin/perl
$| = 1;
print "Content-Type: text/plain\n\nbefore\n";
alarm 1;
select undef, undef, undef, 5;
print "never\n";
