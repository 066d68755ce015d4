#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
eval 'use POSIX 99';
print $@ =~ s/only version \S+/only version _/r;
eval { CGI->VERSION(99) } or print $@ =~ /version 99 required|defines neither|does not define/ ? "refused\n" : $@;
