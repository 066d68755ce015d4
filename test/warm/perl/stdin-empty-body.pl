#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: 
print "Content-Type: text/plain\n\n";
print defined $ENV{CONTENT_LENGTH} ? "length $ENV{CONTENT_LENGTH}\n" : "no length\n";
my @lines = <STDIN>;
print scalar(@lines), " lines\n";
