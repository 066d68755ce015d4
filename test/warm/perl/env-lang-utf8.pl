#!/usr/bin/perl
# env: LC_ALL=C.UTF-8
use POSIX;
use I18N::Langinfo qw(langinfo CODESET);
print "Content-Type: text/plain\n\n";
print setlocale(LC_ALL), ' ', setlocale(LC_CTYPE), ' ', langinfo(CODESET), " utf8locale ${^UTF8LOCALE}\n";
print `locale 2>&1`;
