#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
# PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_GET_KEEPCAPS, PR_GET_NO_NEW_PRIVS, PR_GET_CHILD_SUBREAPER
my $signal = pack 'i', -1;
syscall 157, 2, $signal, 0, 0, 0;
print 'death signal ', unpack('i', $signal), "\n";
print 'dumpable ', syscall(157, 3, 0, 0, 0, 0), "\n";
print 'keep capabilities ', syscall(157, 7, 0, 0, 0, 0), "\n";
print 'no new privileges ', syscall(157, 39, 0, 0, 0, 0), "\n";
my $reaper = pack 'i', -1;
syscall 157, 37, $reaper, 0, 0, 0;
print 'reaper ', unpack('i', $reaper), "\n";
