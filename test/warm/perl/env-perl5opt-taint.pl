#!/usr/bin/perl
# env: PERL5OPT=-T
print "Content-Type: text/plain\n\ntaint ${^TAINT}\n";
system 'echo hello';
