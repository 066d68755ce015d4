#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
open my $comm, '<', '/proc/self/comm' or die $!;
print 'comm ', <$comm>;
print 'exe ', readlink('/proc/self/exe'), "\n";
print 'cwd ', readlink('/proc/self/cwd'), "\n";
print 'root ', readlink('/proc/self/root'), "\n";
