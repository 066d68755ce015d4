#!/usr/bin/perl
use autodie;
use Fatal 'mkdir';
print "Content-Type: text/plain\n\n";
eval { open my $file, '<', '/nonexistent/file' };
print ref $@, ' ', $@->function, ' ', $@->line, "\n$@\n";
close STDERR;
