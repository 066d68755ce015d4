#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\n
print "Content-Type: text/plain\n\n";
print tell(STDIN), ' ', tell(STDOUT), ' ', tell, "\n";
print seek(STDIN, 0, 0) ? "seeked\n" : "no seek $!\n";
<STDIN>;
print tell, ' ', tell(STDIN), "\n";
print -s STDIN, ' ', -s STDOUT, "\n";
