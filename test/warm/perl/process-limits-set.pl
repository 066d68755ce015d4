#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print `ulimit -n 50; ulimit -n`;
print `ulimit -f 1; dd if=/dev/zero of=big bs=4096 count=4 2>/dev/null; echo \$?`;
