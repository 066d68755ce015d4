#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
eval { require No::Such::Module };
print $@;
eval 'use No::Such::Other 1.2';
print $@;
eval { require 'No/such/file.pl' };
print $@;
eval { require './nothing.pl' };
print $@;
eval { my $name = 'CGI.pm/'; require $name };
print $@;
print defined do('nothing.pl') ? "done\n" : "not done: $!\n";
eval { No::Such->new };
print $@;
eval { no_such_sub(1) };
print $@;
