#!/usr/bin/perl
# env: LC_ALL=C
use POSIX;
use I18N::Langinfo qw(langinfo CODESET);
print "Content-Type: text/plain\n\n";
print setlocale(LC_ALL), ' ', langinfo(CODESET), " utf8locale ${^UTF8LOCALE}\n";
print uc("\xe9") eq "\xe9" ? "bytes\n" : "characters\n";
{ use locale; print uc("\xe9") eq "\xe9" ? "bytes\n" : "characters\n"; print join(' ', sort qw(b A a B)), "\n" }
