#!/usr/bin/perl
use open qw(:std :encoding(UTF-8));
print "Content-Type: text/plain; charset=utf-8\n\n";
print join(' ', PerlIO::get_layers($_)), "\n" for *STDIN, *STDOUT, *STDERR;
open my $file, '<', $0 or die $!;
print join(' ', PerlIO::get_layers($file)), "\n\x{263a}\n";
