#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print defined fileno(DATA) ? 'descriptor ' . fileno(DATA) : 'none', "\n";
print join(' ', PerlIO::get_layers(*DATA)), "\n";
print scalar <DATA>;
print STDERR 'left ', scalar(my @rest = <DATA>), "\n";
close DATA;
warn 'closed';
__DATA__
one
two
