#!/usr/bin/perl
# with: lib
# env: PERL_USE_UNSAFE_INC=1
print "Content-Type: text/plain\n\n";
print "$_\n" for @INC;
my $result = do 'lib/settings.pl';
print "colour $result->{colour}\n";
