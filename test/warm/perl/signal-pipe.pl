#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my $child = open my $pipe, '|-', 'exec true' or die $!;
waitpid $child, 0;
select((select($pipe), $| = 1)[0]);
local $SIG{PIPE} = sub { print "pipe\n" };
print $pipe 'x';
print "$!\n";
print `/bin/sh -c 'yes | head -n 1'`;
