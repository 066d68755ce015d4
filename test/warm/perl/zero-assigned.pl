#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$0 = 'guest book: busy';
print "0 $0\n";
open my $comm, '<', '/proc/self/comm' or die $!;
print 'comm ', <$comm>;
open my $line, '<', '/proc/self/cmdline' or die $!;
my $words = <$line>;
$words =~ s/\0+\z//;
$words =~ tr/\0/ /;
print "cmdline $words\n";
