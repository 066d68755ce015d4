#!/usr/bin/perl
print "Content-Type: text/plain\n\n";

=head1 NAME

A page about nothing

=cut

print 'line ', __LINE__, "\n";
require Pod::Usage;
Pod::Usage::pod2usage(-verbose => 99, -sections => 'NAME', -exitval => 'NOEXIT', -output => \*STDOUT);

__END__

=head1 MORE
