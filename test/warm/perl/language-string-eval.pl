#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print eval '__FILE__ . " " . __LINE__ . " " . __PACKAGE__', "\n";
print eval 'die', $@;
print eval "\n\ndie 'third line'", $@;
my $code = eval 'sub { (caller 0)[1, 2, 3] }';
print join(' ', $code->()), "\n";
print eval { eval 'syntax error here(' ; $@ =~ /syntax error/ } ? "syntax\n" : "fine\n";
my $lexical = 'seen';
print eval '$lexical', "\n", eval 'our $lexical2 = 5; $main::lexical2', "\n";
