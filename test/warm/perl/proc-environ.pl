#!/usr/bin/perl
# accepted: the environment, as the system has it, is empty; a script's own children have theirs
# mask: [\s\S]+
print "Content-Type: text/plain\n\n";
open my $file, '<', '/proc/self/environ' or die $!;
local $/;
print "$_\n" for sort split /\0/, <$file>;
