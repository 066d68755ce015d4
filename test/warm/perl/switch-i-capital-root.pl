#!/usr/bin/perl -w -I/nonexistent/lib
use CGI;
print "Content-Type: text/plain\n\n", join("\n", @INC), "\n$INC{'CGI.pm'}\n";
eval { require No::Such };
print $@;
