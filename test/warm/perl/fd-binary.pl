#!/usr/bin/perl
print "Content-Type: application/octet-stream\n\n";
print join '', map chr, 0 .. 255;
binmode STDOUT;
print join '', map chr, 0 .. 255;
binmode STDOUT, ':crlf';
print "line\n";
binmode STDOUT, ':pop';
print "line\n";
binmode STDOUT, ':utf8';
print "\xe9\n";
binmode STDOUT, ':encoding(latin1)';
print "\xe9\n";
print join(' ', PerlIO::get_layers(*STDOUT)), "\n";
