#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: J\xc3\xbcrgen\r\nzwei\r\n
print "Content-Type: text/plain\n\n";
binmode STDIN, ':crlf:utf8';
chomp(my $line = <STDIN>);
print length $line, "\n", join(' ', PerlIO::get_layers(*STDIN)), "\n";
print eof STDIN ? "end\n" : "more\n";
