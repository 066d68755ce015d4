#!/usr/bin/perl
BEGIN { @INC = () }
print "Content-Type: text/plain\n\n";
eval { require Text::Abbrev };
print $@;
eval { require Data::Dumper };
print $@;
