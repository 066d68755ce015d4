#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print defined $1 ? 'some' : 'none', ' ', defined $& ? 'some' : 'none', ' ', scalar(@-), ' ', defined pos ? 'some' : 'none', "\n";
print 'empty pattern ', 'text' =~ // ? 'matches' : 'does not match', "\n";
'2001-02-03' =~ /(?<year>\d+)-(\d+)/;
print "$+{year} $2 $+ $-[2] @{[%+]}\n";
my $text = 'aaa';
$text =~ /a/g;
print pos $text, ' ', $^N // 'undef', ' ', join('|', 'a1b2' =~ /\d/g), "\n";
print 'x' =~ /(?{ $main::ran = 1 })x/ ? "ran $main::ran\n" : "not\n";
print reset ? "reset\n" : "not\n";
