#!/usr/bin/perl
# request: GET ?one+two%20three+four
# option: searchWords=true
print "Content-Type: text/plain\n\n";
print scalar(@ARGV), " arguments\n";
print "<$_>\n" for @ARGV;
print 'shifted ', shift, "\n";
