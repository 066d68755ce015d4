#!/usr/bin/perl
# request: PUT /some/thing
# header: Content-Type: application/octet-stream
# body: put\0here
print "Content-Type: text/plain\n\n$ENV{REQUEST_METHOD} $ENV{PATH_INFO} $ENV{CONTENT_LENGTH} ";
read STDIN, my $body, 100;
print unpack('H*', $body), "\n";
