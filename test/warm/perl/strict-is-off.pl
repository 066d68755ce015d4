#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$undeclared = 'fine';
$name = 'undeclared';
print "$$name\n", bare, "\n";
@{'list'} = (1, 2);
print "@list\n";
&{'called'}();
sub called { print "called\n" }
my $text = "x" . undef;
print "no warning: $text\n";
