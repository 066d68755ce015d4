#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\n
$| = 1;
print "Content-Type: text/plain\n\n";
open my $in, '<', '/dev/stdin' or die $!;
print 'in ', scalar <$in>;
open my $out, '>', '/dev/stdout' or die $!;
print $out "out\n";
close $out;
open my $one, '>>', '/dev/fd/1' or die $!;
print $one "one\n";
close $one;
open my $err, '>', '/dev/stderr' or die $!;
print $err "err\n";
close $err;
open my $same, '>&=', 1 or die $!;
print 'same ', fileno $same, "\n";
open my $other, '>&', STDOUT or die $!;
print 'other ', fileno $other, "\n";
system 'echo child > /dev/stdout; echo child > /dev/stderr';
