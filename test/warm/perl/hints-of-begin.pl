#!/usr/bin/perl
BEGIN { $^H |= 2; }
print "Content-Type: text/plain\n\n";
our $name = 'x';
print eval { $$name } // $@;
eval '$undeclared = 1; print "vars are not strict\n"';
print $@;
