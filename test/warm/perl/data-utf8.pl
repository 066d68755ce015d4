#!/usr/bin/perl
use utf8;
binmode STDOUT, ':utf8';
print "Content-Type: text/plain; charset=utf-8\n\n";
print join(' ', PerlIO::get_layers(*DATA)), "\n";
my $line = <DATA>;
chomp $line;
print length $line, " $line\n";
__DATA__
Jürgen — €
