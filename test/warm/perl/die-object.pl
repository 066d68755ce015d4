#!/usr/bin/perl
# mask: 0x[0-9a-f]+
print "Content-Type: text/plain\n\n";
$! = 0;
die { code => 3 };
