#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print `echo out; echo err >&2; exit 3`;
print $? >> 8, "\n";
my @lines = `printf 'a\nb\nc'`;
print scalar(@lines), "\n";
my $text = qx'echo $$ | grep -c .';
print $text;
print defined `/nonexistent/program` ? "some\n" : "none $!\n";
