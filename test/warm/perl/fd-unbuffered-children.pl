#!/usr/bin/perl
print "Content-Type: text/plain\n\nparent\n";
system 'echo child';
print "parent again\n";
print `echo captured`;
if (my $child = fork) { waitpid $child, 0 } else { print "forked\n"; exit 0 }
print "last\n";
