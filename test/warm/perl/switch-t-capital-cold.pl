#!/usr/bin/perl -T
# A worker cannot be this script, and executes it; perl itself would not, with a folder in PATH that all may write to.
# request: GET ?one+two
# option: searchWords=true
# env: PATH=/tmp:/usr/bin:/bin
# env: LISTED=a b=c
BEGIN { unshift @INC, '/nonexistent/own' }
print "Content-Type: text/plain\n\n";
print "$_\n" for "$INC[0] @ARGV", map { "$_=$ENV{$_}" } qw(PATH LISTED QUERY_STRING);
