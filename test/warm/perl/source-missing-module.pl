#!/usr/bin/perl
use strict;
use No::Such::Module;
print "Content-Type: text/plain\n\n";
