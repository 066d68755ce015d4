#!/usr/bin/perl
use PerlIO::encoding;
print "Content-Type: text/plain\n\n";
open my $in, '<:encoding(UTF-16LE)', \"a\0b\0\n\0" or die $!;
print length <$in>, "\n";
open my $out, '>', \my $text;
print $out 'words';
print "$text\n";
print join(' ', PerlIO::get_layers($in)), "\n";
