#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: \{30000*0123456789}
use Digest::MD5;
print "Content-Type: text/plain\n\n";
print Digest::MD5->new->addfile(*STDIN)->hexdigest, "\n";
