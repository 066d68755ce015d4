#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print __PACKAGE__, "\n";
sub main::here { 'here' }
print here(), "\n", main->can('here') ? "can\n" : "cannot\n";
package Other;
print __PACKAGE__, "\n", main::here(), "\n";
print defined &here ? "has it\n" : "has it not\n";
print UNIVERSAL::can('main', 'import') ? "import\n" : "no import\n";
