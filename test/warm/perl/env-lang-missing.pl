#!/usr/bin/perl
# env: LC_ALL=xx_YY.UTF-8
print "Content-Type: text/plain\n\n";
require POSIX;
print POSIX::setlocale(POSIX::LC_CTYPE()), "\n";
print "utf8locale ${^UTF8LOCALE}\n";
