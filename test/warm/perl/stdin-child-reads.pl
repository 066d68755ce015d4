#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\nthree\n
$| = 1;
print "Content-Type: text/plain\n\n";
system 'read line; echo "child $line"';
print 'parent ', scalar <STDIN>;
system 'echo "child $(cat)"';
print 'parent ', <STDIN>;
