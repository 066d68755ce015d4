#!/usr/bin/perl
# with: lib
# env: PERL5LIB=/nonexistent/one:lib:/nonexistent/two
use Site::Plain;
print "Content-Type: text/plain\n\n";
print "$_\n" for @INC;
print "$INC{'Site/Plain.pm'}\n", Site::Plain::name(), "\n";
