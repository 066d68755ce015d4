#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\nthree\n
print "Content-Type: text/plain\n\n";
while (<>) {
  print "$ARGV $.: $_";
  print "last\n" if eof;
}
print "line $.\n";
