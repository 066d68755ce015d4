#!/usr/bin/perl
# mask: 0x[0-9a-f]+
print "Content-Type: text/plain\n\n";
print [], ' ', {}, ' ', sub { }, ' ', \*STDOUT, ' ', qr/x/, ' ', \my $x, "\n";
print bless({}, 'Thing'), "\n";
