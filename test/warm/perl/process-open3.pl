#!/usr/bin/perl
use IPC::Open3;
use Symbol 'gensym';
print "Content-Type: text/plain\n\n";
my $child = open3(my $in, my $out, my $err = gensym, 'sh', '-c', 'read line; echo "out $line"; echo "err $line" >&2; exit 5');
print $in "words\n";
close $in;
print <$out>, <$err>;
waitpid $child, 0;
print $? >> 8, "\n";
