#!/usr/bin/perl
# env: PERLIO=:unix:perlio:crlf
print "Content-Type: text/plain\n\n";
print join(' ', PerlIO::get_layers($_)), "\n" for *STDIN, *STDOUT, *STDERR;
