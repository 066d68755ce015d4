#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my $child = fork // die $!;
if ($child == 0) { sleep 10; exit 0 }
kill KILL => $child;
print waitpid($child, 0) == $child ? "reaped\n" : "lost\n", "$? ", $? & 127, "\n${^CHILD_ERROR_NATIVE}\n";
print wait, "\n";
