#!/usr/bin/perl
my $text = 'naïve ☺';
print "Content-Type: text/plain; charset=utf-8\n\n";
print length $text, "\n$text\n";
