#!/usr/bin/perl -x
This is not Perl, and is skipped.
#!perl -w
print "Content-Type: text/plain\n\n";
print "W $^W line ", __LINE__, "\n";
print <DATA>;
__END__
data
