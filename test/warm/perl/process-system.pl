#!/usr/bin/perl
$| = 1;
print "Content-Type: text/plain\n\n";
print system('exit 3;'), " $?\n";
print system('true'), " $?\n";
print system('kill -TERM $$'), " $?\n";
print system('/nonexistent/program'), " $? $!\n";
print system('echo', 'in words', '$HOME'), "\n";
print system({ '/bin/sh' } 'named', '-c', 'echo $0'), "\n";
