#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
open my $file, '<', '/nonexistent/file' or die "cannot open: $!";
