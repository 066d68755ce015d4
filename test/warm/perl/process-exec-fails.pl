#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
{ exec '/nonexistent/program' }
print "$!\n";
exec { '/nonexistent/program' } 'name' or print "$!\n";
