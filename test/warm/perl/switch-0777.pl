#!/usr/bin/perl -0777
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\n
print "Content-Type: text/plain\n\n";
print defined $/ ? "separator\n" : "none\n";
my $all = <STDIN>;
print length $all, "\n";
