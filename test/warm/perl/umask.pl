#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
printf "%04o\n", umask;
print `umask 2>&1`;
my $file = "new-mode";
open my $new, '>', $file or die $!;
printf "%04o\n", (stat $new)[2] & 07777;
unlink $file;
