#!/usr/bin/perl
use Unicode::Normalize;
use Unicode::UCD 'charinfo';
print "Content-Type: text/plain; charset=utf-8\n\n";
binmode STDOUT, ':utf8';
print "\N{SNOWMAN} \N{U+263A} ", charnames::viacode(0xe9), ' ', length NFD("\x{e9}"), ' ', charinfo(65)->{name}, "\n";
print "\x{df}" =~ /^\w$/ ? 'word' : 'no word', ' ', lc "\x{130}", ' ', "\x{3a3}" =~ /\p{Greek}/ ? 'greek' : 'other', "\n";
