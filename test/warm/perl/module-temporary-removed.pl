#!/usr/bin/perl
use File::Temp qw(tempfile tempdir);
print "Content-Type: text/plain\n\n";
my $folder = tempdir('left-XXXXXX', DIR => '.', CLEANUP => 1);
my $object = File::Temp->new(DIR => $folder);
print -d $folder ? "there\n" : "not there\n";
my $child = fork // die $!;
exit 0 if $child == 0;
waitpid $child, 0;
print -d $folder ? "still there\n" : "gone with the child\n";
