#!/usr/bin/perl
use Fcntl ':flock';
print "Content-Type: text/plain\n\n";
open my $self, '<', $0 or die $!;
print flock($self, LOCK_EX | LOCK_NB) ? "locked\n" : "busy $!\n";
print flock(DATA, LOCK_EX | LOCK_NB) ? "locked\n" : "busy $!\n";
close $self;
print flock(DATA, LOCK_EX | LOCK_NB) ? "locked\n" : "busy $!\n";
__DATA__
