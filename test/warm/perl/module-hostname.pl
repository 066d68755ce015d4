#!/usr/bin/perl
use Sys::Hostname;
use Socket;
print "Content-Type: text/plain\n\n";
print hostname() eq `hostname` =~ s/\n//r ? "same\n" : "other\n", inet_ntoa(INADDR_LOOPBACK), ' ', (getpwuid $<)[0], ' ', scalar getgrgid(0), "\n";
