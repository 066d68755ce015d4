#!/usr/bin/perl
# request: GET /info?question=1
# env: POSTERN_OWN=early
my @seen;
BEGIN { @seen = map { "$_=" . ($ENV{$_} // 'undef') } qw(QUERY_STRING PATH_INFO SCRIPT_NAME REQUEST_METHOD POSTERN_OWN PWD SHLVL _ HOME USER) }
print "Content-Type: text/plain\n\n";
print "$_\n" for @seen;
