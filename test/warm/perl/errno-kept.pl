#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
open(my $file, '<', '/nonexistent/file') and die;
print "$!\n", $! + 0, "\n", $!{ENOENT} ? "ENOENT\n" : "other\n";
$! = 13;
print "$!\n";
print "$^E\n";
