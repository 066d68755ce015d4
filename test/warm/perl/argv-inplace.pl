#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
@ARGV = ($0);
while (<>) { print "$.: $_" if /ARGV/; close ARGV if eof }
print defined $^I ? "in place\n" : "not in place\n";
