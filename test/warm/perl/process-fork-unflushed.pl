#!/usr/bin/perl
print "Content-Type: text/plain\n\nbuffered\n";
my $child = fork // die $!;
exit 0 if $child == 0;
wait;
print "parent\n";
