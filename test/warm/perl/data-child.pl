#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$| = 1;
print scalar <DATA>;
if (my $child = fork) { waitpid $child, 0; print 'parent ', scalar(<DATA>) }
else { print 'child ', scalar(<DATA>); exit 0 }
print 'parent ', scalar(<DATA>) // "nothing\n";
__DATA__
one
two
three
four
