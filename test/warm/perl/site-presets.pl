#!/usr/bin/perl
# Variables that are set before their module is loaded.
BEGIN { $Carp::Verbose = 1; $Data::Dumper::Indent = 0; $Data::Dumper::Sortkeys = 1; $Storable::canonical = 1; $CGI::POST_MAX = 10 }
use Carp;
use Data::Dumper;
use CGI;
print "Content-Type: text/plain\n\n";
print "verbose $Carp::Verbose\n", Dumper({ b => 1, a => 2 }), "\n$CGI::POST_MAX\n";
