#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
sub open_ended {
  print "never\n";
