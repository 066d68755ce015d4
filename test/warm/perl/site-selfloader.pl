#!/usr/bin/perl
# with: lib
use lib 'lib';
use Site::Lazy;
print "Content-Type: text/plain\n\n";
print Site::Lazy::hello('World'), "\n", defined &Site::Lazy::bye ? "loaded\n" : "not loaded\n", Site::Lazy->can('hello') ? "can\n" : "cannot\n";
eval { Site::Lazy::none() };
print $@;
