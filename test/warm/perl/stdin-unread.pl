#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: \{30000*0123456789}
print "Content-Type: text/plain\n\nnot read\n";
