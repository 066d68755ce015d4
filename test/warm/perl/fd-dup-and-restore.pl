#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
open my $saved, '>&', \*STDOUT or die $!;
close STDOUT;
open STDOUT, '>', 'captured' or die $!;
print fileno(STDOUT), " captured\n";
system 'echo by a child';
close STDOUT;
open STDOUT, '>&', $saved or die $!;
print fileno(STDOUT), " restored\n";
open my $file, '<', 'captured' or die $!;
print <$file>;
