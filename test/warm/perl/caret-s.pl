#!/usr/bin/perl
BEGIN { our $begin = defined $^S ? "begin $^S" : 'begin undef' }
print "Content-Type: text/plain\n\n";
our $begin;
print "$begin\n";
print 'top ', defined $^S ? $^S : 'undef', "\n";
eval { print "eval $^S\n" };
eval 'print "string $^S\n"';
sub in { print "sub $^S\n" }
in();
$SIG{__DIE__} = sub { print "dying in ", (defined $^S ? ($^S ? 'eval' : 'program') : 'compiling'), ": @_" };
eval { die "caught\n" };
eval '1 +* 2';
END { print "end ", defined $^S ? $^S : 'undef', "\n" }
die "not caught\n";
