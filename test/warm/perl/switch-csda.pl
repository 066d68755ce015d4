#!/usr/bin/perl -CSDA
print "Content-Type: text/plain\n\n";
open my $self, '<', $0 or die $!;
print join(' ', PerlIO::get_layers($_)), "\n" for *STDIN, *STDOUT, *STDERR, $self;
print 'unicode ', ${^UNICODE}, ' open ', unpack('H*', ${^OPEN} // ''), "\n\x{263a}\n";
