#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$! = 0;
$SIG{__DIE__} = sub { my $text = shift; chomp $text; print "handler: $text\n"; die "changed: $text\n" };
eval { die "one\n" };
print "caught $@";
eval 'this is not perl at all {';
print "caught $@";
die "two\n";
