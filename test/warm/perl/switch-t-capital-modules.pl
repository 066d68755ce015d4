#!/usr/bin/perl -T
# request: GET ?name=J%C3%BCrgen&size=3
use strict;
use warnings;
use CGI;
use File::Temp;
use POSIX;
use Scalar::Util 'tainted';
use Text::Wrap;
my $query = CGI->new;
print $query->header('text/plain');
print tainted($query->param('name')) ? "tainted\n" : "clean\n";
print tainted(POSIX::getcwd()) ? "tainted\n" : "clean\n";
print tainted(File::Spec->tmpdir) ? "tainted\n" : "clean\n";
print tainted($ENV{PATH}) ? "tainted\n" : "clean\n";
print tainted("$0") ? "tainted\n" : "clean\n";
