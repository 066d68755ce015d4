#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print ref($^V), ' ', $^V > v5.8.0 ? 'new' : 'old', ' ', $] >= 5.008 ? 'new' : 'old', "\n";
require Config;
print "$Config::Config{version} $Config::Config{archname} $Config::Config{perlpath}\n";
