#!/usr/bin/perl
print "Content-Type: text/plain\n\nbefore\n";
$! = 0;
die 'gone';
