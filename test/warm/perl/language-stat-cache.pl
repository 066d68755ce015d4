#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print -e _ ? "something\n" : "nothing\n";
my @stat = stat _;
print scalar(@stat), "\n";
stat $0;
print -f _ ? "file\n" : "other\n";
print -t STDIN ? "tty\n" : "none\n", -t STDOUT ? "tty\n" : "none\n", -t ? "tty\n" : "none\n";
