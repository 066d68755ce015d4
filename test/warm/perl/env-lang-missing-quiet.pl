#!/usr/bin/perl
# env: LC_ALL=xx_YY.UTF-8
# env: PERL_BADLANG=0
print "Content-Type: text/plain\n\n", "quiet\n";
