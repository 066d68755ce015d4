#!/usr/bin/perl
use Encode qw(encode decode is_utf8 FB_CROAK);
use MIME::Base64;
use MIME::QuotedPrint;
use Digest::MD5 'md5_hex';
use Digest::SHA 'sha256_hex';
print "Content-Type: text/plain\n\n";
my $text = decode('UTF-8', "J\xc3\xbcrgen");
print length $text, ' ', length encode('UTF-16', $text), ' ', is_utf8($text) ? 1 : 0, "\n";
print encode_base64("a\0b"), encode_qp("caf\xe9 = x\n"), md5_hex('x'), "\n", sha256_hex('x'), "\n";
eval { my $bad = "\xff"; decode('UTF-8', $bad, FB_CROAK) };
print $@ =~ s/ at .*//sr, "\n";
eval { decode('no-such', 'x') };
print $@ =~ s/ at .*//sr, "\n";
print Encode::resolve_alias('latin1'), "\n";
